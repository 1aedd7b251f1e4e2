import { faultFingerprint } from '../fault-fingerprint.ts';
import type { PoisonOptions } from '../job-options.ts';
import type { Fault } from '../job-status.ts';
import type { EnteredRecord } from './entered-record.ts';

const DEFAULT_FAULTS = 3;
const DEFAULT_RECORDS = 1000;

/** What becomes of a job after a fault. */
export type PoisonVerdict =
  /** Nothing is known against the record: the restart strategy decides. */
  | { readonly kind: 'restart' }
  | { readonly kind: 'set-aside'; readonly record: EnteredRecord }
  | { readonly kind: 'fail'; readonly message: string };

/**
 * Counts identical faults over the same record: one that comes back after every restart is in the record and not in
 * the world.
 */
export class PoisonWatch {
  readonly #options: PoisonOptions;
  readonly #counts = new Map<string, number>();

  constructor(options: PoisonOptions) {
    this.#options = options;
  }

  /** `waiting` are the records that are set aside already. */
  judge(fault: Fault, record: EnteredRecord | undefined, waiting: number): PoisonVerdict {
    if (record === undefined) return { kind: 'restart' };
    const identity = `${record.id} ${faultFingerprint(fault)}`;
    const count = (this.#counts.get(identity) ?? 0) + 1;
    this.#counts.set(identity, count);
    const { policy, faults = DEFAULT_FAULTS, maxRecords = DEFAULT_RECORDS } = this.#options;
    if (count < faults) return { kind: 'restart' };
    this.#counts.delete(identity);
    if (policy === 'fail') {
      return {
        kind: 'fail',
        message: `${fault.message}; it failed ${count} times in the same way over the same record, so no restart helps: mend the operator, or let such records be set aside by the policy "dead-letter"`,
      };
    }
    if (waiting < maxRecords) return { kind: 'set-aside', record };
    return {
      kind: 'fail',
      message: `${fault.message}; ${waiting} records were set aside already, which is the limit: mend the operator and replay them`,
    };
  }
}
