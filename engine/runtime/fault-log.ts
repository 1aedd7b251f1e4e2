import { faultFingerprint } from './fault-fingerprint.ts';
import type { Fault, FaultGroup } from './job-status.ts';

const REMEMBERED = 20;
const GROUPS = 50;

/** The faults of a job as they are kept where they outlive its process. */
export interface FaultHistory {
  readonly first?: Fault | undefined;
  readonly latest: readonly Fault[];
  readonly groups: readonly FaultGroup[];
}

/** The faults of a job. The first one stays for ever: what follows is often only its consequence. */
export class FaultLog {
  #latest: Fault[] = [];
  #first: Fault | undefined;
  #groups: FaultGroup[] = [];

  /** What an earlier process of the same job saw. */
  restore({ first, latest, groups }: FaultHistory): void {
    this.#first = first;
    this.#latest = [...latest];
    this.#groups = [...groups];
  }

  add(fault: Fault): void {
    this.#first ??= fault;
    this.#latest.unshift(fault);
    this.#latest.splice(REMEMBERED);
    this.#count(fault);
  }

  get first(): Fault | undefined {
    return this.#first;
  }

  /** Newest first; the first fault is at the end even after many others. */
  get all(): readonly Fault[] {
    const first = this.#first;
    return first === undefined || this.#latest.includes(first) ? [...this.#latest] : [...this.#latest, first];
  }

  /** The one with the latest fault first. */
  get groups(): readonly FaultGroup[] {
    return [...this.#groups];
  }

  get history(): FaultHistory {
    return { first: this.#first, latest: this.#latest, groups: this.#groups };
  }

  #count(fault: Fault): void {
    const fingerprint = faultFingerprint(fault);
    const { name, message, atMs, operator } = fault;
    const known = this.#groups.find((group) => group.fingerprint === fingerprint) ?? {
      fingerprint,
      name,
      message,
      ...(operator === undefined ? {} : { operator }),
      count: 0,
      firstAtMs: atMs,
    };
    const others = this.#groups.filter((group) => group.fingerprint !== fingerprint);
    this.#groups = [{ ...known, count: known.count + 1, lastAtMs: atMs }, ...others].slice(0, GROUPS);
  }
}
