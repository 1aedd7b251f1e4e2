import type { Platform } from '../middleware/platform.ts';
import { RetryableError } from './retryable-error.ts';

const PATIENCE_MS = 20_000;
/** While results stand still every moment counts. */
const FIRST_MS = 1000;
const FIRST_DELAY_MS = 25;
const EAGER_MS = 5000;
const EAGER_DELAY_MS = 100;
const DELAY_MS = 1000;

/**
 * Asks until there is an answer. After 20 seconds the step ends as waiting, and is run again; a step that waits for one
 * thing after another says since when.
 */
export async function poll<T>(
  { now, pause }: Platform,
  waitingFor: string,
  probe: () => Promise<T | undefined>,
  patientSince?: number,
): Promise<T> {
  const begin = now().getTime();
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    const elapsed = now().getTime() - begin;
    if (elapsed + begin - (patientSince ?? begin) > PATIENCE_MS)
      throw new RetryableError(`Waiting for ${waitingFor}`, { isWaiting: true });
    // A local task is up within a second, one on Fargate within a minute.
    await pause(delayAfter(elapsed));
  }
}

function delayAfter(elapsedMs: number): number {
  if (elapsedMs < FIRST_MS) return FIRST_DELAY_MS;
  return elapsedMs < EAGER_MS ? EAGER_DELAY_MS : DELAY_MS;
}
