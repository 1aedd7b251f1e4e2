import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What the results of a deployment say of the time before, while and after a job took the place of another. */
export interface Continuity {
  /** Longest time without a result from `fromMs` to `toMs`. */
  readonly gapMs: number;
  /** The same of the seconds before. */
  readonly steadyMs: number;
  readonly records: number;
  /** Results that are missing, doubled, or counted wrong. */
  readonly wrong: number;
}

const STEADY_MS = 5000;

/** Reads the notes of the sink from the first line on. */
export async function continuityOf(
  file: string,
  { fromMs, toMs, sensors }: { readonly fromMs: number; readonly toMs: number; readonly sensors: number },
): Promise<Continuity> {
  const seen: boolean[] = [];
  let [gapMs, steadyMs, records, wrong, lastMs] = [0, 0, 0, 0, 0];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const [atMs = 0, , index = 0, count = 0] = line.split(' ').map(Number);
    if (seen[index] === true || count !== Math.floor(index / sensors) + 1) wrong += 1;
    seen[index] = true;
    records += 1;
    const pauseMs = lastMs === 0 ? 0 : atMs - lastMs;
    if (atMs >= fromMs && atMs <= toMs) gapMs = Math.max(gapMs, pauseMs);
    if (atMs < fromMs && atMs >= fromMs - STEADY_MS) steadyMs = Math.max(steadyMs, pauseMs);
    lastMs = atMs;
  }
  return { gapMs, steadyMs, records, wrong: wrong + (seen.length - records) };
}
