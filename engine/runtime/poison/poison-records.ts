import type { Host } from '../../host.ts';
import type { Broke } from '../attempt-outcome.ts';
import { causedByFence, faultOf } from '../fault.ts';
import type { JobOptions } from '../job-options.ts';
import type { Fault } from '../job-status.ts';
import { DeadLetters } from './dead-letter.ts';
import { PoisonWatch, type PoisonVerdict } from './poison-watch.ts';

/** What judging faults needs of the job. */
export interface PoisonContext {
  readonly options: JobOptions;
  readonly host: Host;
  /** Throws where another job owns the deployment, and with it the dead letters. */
  readonly verify: () => Promise<void>;
  /** Hears why a record could not be set aside. */
  readonly failed: (fault: Fault, fenced: boolean) => void;
}

/** The records over which a job fails again and again: counted, judged, and where the policy says so set aside. */
export class PoisonRecords {
  readonly letters: DeadLetters;
  readonly #context: PoisonContext;
  readonly #watch: PoisonWatch;

  private constructor(context: PoisonContext, letters: DeadLetters) {
    this.#context = context;
    this.letters = letters;
    this.#watch = new PoisonWatch(context.options.poison ?? { policy: 'fail' });
  }

  /** With what was set aside of the deployment before. */
  static async load(context: PoisonContext): Promise<PoisonRecords> {
    const { host, options } = context;
    return new PoisonRecords(context, await DeadLetters.load(host.storage, options.prefix));
  }

  /** Looks whether the fault is in its record. After `set-aside` the record is durable and the next attempt goes without it. */
  async judge({ fault, entered, curable }: Broke): Promise<PoisonVerdict> {
    if (!curable) return { kind: 'restart' };
    const verdict = this.#watch.judge(fault, entered, this.letters.waiting);
    if (verdict.kind !== 'set-aside') return verdict;
    const { record } = verdict;
    const { host, options, verify, failed } = this.#context;
    const { jobId } = options;
    const setAsideAtMs = host.clock.now();
    // Durable first: from the next attempt on nobody sees the record any more.
    try {
      await verify();
      await this.letters.put({ record, fault, setAsideAtMs, jobId, status: 'set-aside' });
    } catch (error) {
      // The record stays where it is, and meets its fault again.
      failed(faultOf(error, { atMs: setAsideAtMs }), causedByFence(error));
      return { kind: 'restart' };
    }
    const { operator = '', message: reason } = fault;
    host.reporter.report({ type: 'record-set-aside', jobId, letter: record.id, operator, reason });
    return verdict;
  }

  /** Lets go of records, so that the next attempt puts them in again. Throws a `Refusal` as {@link DeadLetters.release}. */
  async release(ids: readonly string[]): Promise<void> {
    await this.#context.verify();
    await this.letters.release(ids);
  }
}
