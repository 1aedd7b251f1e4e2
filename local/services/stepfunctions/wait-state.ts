import { StateFailure } from './failure.ts';
import { sleepUntil } from './sleep.ts';
import { advance, languageOf, scopeOf } from './visit.ts';
import type { Visit } from './visit.ts';

/** Waits; the time to wake up is stored, so a restart does not begin the wait anew. */
export async function runWait(visit: Visit): Promise<void> {
  if (visit.cursor.progress.wakeAt === undefined) advance(visit, { wakeAt: await wakeTime(visit) });
  await sleepUntil(visit.cursor.progress.wakeAt ?? 0, visit.start.signal);
}

async function wakeTime(visit: Visit): Promise<number> {
  const { state, cursor } = visit;
  const language = languageOf(state);
  const seconds = await language.member(state, 'Seconds', scopeOf(visit));
  if (typeof seconds === 'number' && seconds >= 0) return cursor.enteredAt + seconds * 1000;
  const timestamp = await language.member(state, 'Timestamp', scopeOf(visit));
  const at = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  const given = JSON.stringify(seconds ?? timestamp);
  throw new StateFailure(
    'States.Runtime',
    `The wait of state "${visit.name}" is neither seconds nor a timestamp: ${given}`,
  );
}
