import type { CallOutcome, CallRetry } from './operator-definition.ts';

/** True where a call that ended so after `attempt` calls is made again. */
export function mayRetry(retry: CallRetry, attempt: number, outcome: CallOutcome<unknown>): boolean {
  if (attempt >= retry.attempts) {
    return false;
  }
  if (retry.when === undefined) {
    return 'error' in outcome;
  }
  // The graph joins only what fits, so the function takes the answers that come here.
  return (retry.when as (outcome: CallOutcome<unknown>) => boolean)(outcome);
}

/** Time from the end of a call to the next one for its record. */
export function nextDelay(
  { delayMs, backoff, maxDelayMs = Infinity }: CallRetry,
  call: { readonly attempt: number; readonly delayMs: number },
): number {
  return call.attempt === 1 ? delayMs : Math.min(call.delayMs * backoff, maxDelayMs);
}
