import type { Fault } from './job-status.ts';

const REMEMBERED = 20;

/** The faults of a job. The first one stays for ever: what follows is often only its consequence. */
export class FaultLog {
  readonly #latest: Fault[] = [];
  #first: Fault | undefined;

  add(fault: Fault): void {
    this.#first ??= fault;
    this.#latest.unshift(fault);
    this.#latest.splice(REMEMBERED);
  }

  get first(): Fault | undefined {
    return this.#first;
  }

  /** Newest first; the first fault is at the end even after many others. */
  get all(): readonly Fault[] {
    const first = this.#first;
    return first === undefined || this.#latest.includes(first) ? [...this.#latest] : [...this.#latest, first];
  }
}
