/** Which retrier or catcher an error meets, and how long to wait before the next try. */
import type { Retrier } from './definition.ts';
import type { StateFailure } from './failure.ts';

const defaults = { intervalSeconds: 1, maxAttempts: 3, backoffRate: 2 };
// Errors of the machine itself that no retry could mend; AWS lets only their own names match them.
const beyondAll = new Set(['States.DataLimitExceeded', 'States.Runtime']);

/** Whether a list of error names covers a failure. */
export function covers(names: readonly string[], failure: StateFailure): boolean {
  if (names.includes(failure.error)) return true;
  if (names.includes('States.ALL')) return !beyondAll.has(failure.error);
  const isTimeout = failure.error === 'States.Timeout' || failure.error === 'States.HeartbeatTimeout';
  if (isTimeout) return names.includes('States.Timeout');
  return names.includes('States.TaskFailed') && !beyondAll.has(failure.error);
}

/** The next try of a state. */
export interface NextTry {
  readonly attempts: readonly number[];
  readonly delayMs: number;
}

/** The next try after a failure; undefined when no retrier covers it or the one that does is used up. */
export function nextTry(
  retriers: readonly Retrier[],
  attempts: readonly number[],
  failure: StateFailure,
): NextTry | undefined {
  const index = retriers.findIndex((retrier) => covers(retrier.ErrorEquals, failure));
  const retrier = retriers[index];
  const used = attempts[index] ?? 0;
  if (retrier === undefined || used >= (retrier.MaxAttempts ?? defaults.maxAttempts)) return undefined;
  const counted = retriers.map((_, one) => (attempts[one] ?? 0) + (one === index ? 1 : 0));
  return { attempts: counted, delayMs: delayOf(retrier, used) };
}

function delayOf(retrier: Retrier, used: number): number {
  const interval = retrier.IntervalSeconds ?? defaults.intervalSeconds;
  const growing = interval * (retrier.BackoffRate ?? defaults.backoffRate) ** used;
  const delayMs = Math.min(growing, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY) * 1000;
  return retrier.JitterStrategy === 'FULL' ? delayMs * Math.random() : delayMs;
}
