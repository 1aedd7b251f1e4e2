/** Tokens by which something outside ends a task. */
import { AwsError } from '../service.ts';
import { StateFailure } from './failure.ts';
import type { Journal } from './journal.ts';
import { orAborted, sleepUntil } from './sleep.ts';

type Outcome = { readonly output: unknown } | { readonly error: string; readonly cause: string };

/** The tokens of all executions: stored, and known here where a task waits for one. */
export class TaskTokens {
  readonly #journal: Journal;
  readonly #waiting = new Map<string, (outcome: Outcome) => void>();

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  create(token: string, execution: string): void {
    this.#journal.putToken(token, execution, Date.now());
  }

  /** The output that comes with the token; fails with what its sender reports, or for want of a heartbeat. */
  async wait(token: string, heartbeatMs: number | undefined, signal: AbortSignal): Promise<unknown> {
    const arrival = new Promise<Outcome>((resolve) => this.#waiting.set(token, resolve));
    const stored = this.#journal.token(token)?.outcome;
    const watch = new AbortController();
    try {
      const outcome =
        stored === undefined || stored === null
          ? await Promise.race([
              orAborted(arrival, signal),
              this.#missHeartbeat(token, heartbeatMs, AbortSignal.any([signal, watch.signal])),
            ])
          : // Only `settle` writes this column.
            (JSON.parse(stored) as Outcome);
      if ('error' in outcome) throw new StateFailure(outcome.error, outcome.cause);
      return outcome.output;
    } finally {
      watch.abort(new Error('the task has ended'));
      this.#waiting.delete(token);
    }
  }

  /** Ends the task of a token, from outside. */
  settle(token: string, outcome: Outcome): void {
    this.#live(token);
    this.#journal.settleToken(token, JSON.stringify(outcome));
    this.#waiting.get(token)?.(outcome);
  }

  heartbeat(token: string): void {
    this.#live(token);
    this.#journal.beatToken(token, Date.now());
  }

  /** Makes a token worthless once its task has ended by other means. */
  expire(token: string): void {
    this.#journal.settleToken(
      token,
      JSON.stringify({ error: 'States.Timeout', cause: 'the task has ended' }),
    );
  }

  #live(token: string): void {
    const row = this.#journal.token(token);
    if (row === undefined) throw new AwsError(400, 'TaskDoesNotExist', 'Task does not exist');
    if (row.outcome !== null) {
      throw new AwsError(400, 'TaskTimedOut', 'Task Timed Out: the task of this token has ended');
    }
  }

  /** Never resolves: it rejects when no heartbeat came in time, or on abort. */
  async #missHeartbeat(token: string, heartbeatMs: number | undefined, signal: AbortSignal): Promise<never> {
    if (heartbeatMs === undefined) return orAborted(new Promise<never>(() => {}), signal);
    for (;;) {
      const due = (this.#journal.token(token)?.heartbeat_at ?? 0) + heartbeatMs;
      if (due <= Date.now()) throw new StateFailure('States.HeartbeatTimeout', '');
      await sleepUntil(due, signal);
    }
  }
}
