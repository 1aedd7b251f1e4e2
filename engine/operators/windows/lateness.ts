import { MAX_WATERMARK, MIN_WATERMARK } from '../../data/record-batch.ts';

/** When a window whose last moment is `maxTime` goes. What lies beyond all time is at its end. */
export function cleanupTime(maxTime: number, latenessMs: number): number {
  return Math.min(maxTime + latenessMs, MAX_WATERMARK);
}

/**
 * The watermark from which on a record is late. A sum beyond all time is below every watermark, as with Java's long:
 * Flink relies on it where a record in no window of an unlimited lateness counts as late.
 */
export function lateFrom(time: number, latenessMs: number): number {
  const sum = time + latenessMs;
  return sum > MAX_WATERMARK ? MIN_WATERMARK + 1 : sum;
}
