import { MIN_WATERMARK, NO_TIME, type RecordBatch } from '../data/record-batch.ts';
import type { WatermarkStrategy } from './operator-definition.ts';

type Punctuated = (value: unknown, time: number) => number | 'idle' | undefined;

/**
 * The watermark of one stream or split, and whether it is idle.
 *
 * Contract: `record` is told every record, `look` is called periodically. Idleness takes two looks: the first without
 * a record since the one before starts a clock, a later one finds it idle when strictly more than the timeout has
 * passed; the next record ends it. Who hands idleness on may end it later, see `AssignTimeOperator`.
 * Source: Flink's BoundedOutOfOrdernessWatermarks and WatermarksWithIdleness.
 */
export class WatermarkGenerator {
  /** As of the last look; a record that carries a watermark raises it at once. */
  watermark = MIN_WATERMARK;
  idle = false;
  readonly #outOfOrdernessMs: number | undefined;
  readonly #punctuated: Punctuated | undefined;
  readonly #idleAfterMs: number;
  #latest = NO_TIME;
  #seen = false;
  #quietSince: number | undefined;

  constructor({ outOfOrdernessMs, punctuated, idleAfterMs = Infinity }: WatermarkStrategy) {
    this.#outOfOrdernessMs = outOfOrdernessMs;
    // The graph joins only what fits, so the function takes the records that come here.
    this.#punctuated = punctuated as Punctuated | undefined;
    this.#idleAfterMs = idleAfterMs;
  }

  record(value: unknown, time: number): void {
    this.#seen = true;
    this.idle = false;
    if (time > this.#latest) {
      this.#latest = time;
    }
    if (this.#punctuated !== undefined) {
      this.#read(this.#punctuated(value, time));
    }
  }

  /** As `record` for each of a batch. Where only the latest time counts, no record costs a call. */
  records({ values, times, size }: RecordBatch): void {
    if (this.#punctuated !== undefined) {
      for (let index = 0; index < size; index++) {
        this.record(values[index], times[index] ?? NO_TIME);
      }
    } else if (size > 0) {
      let latest = NO_TIME;
      for (let index = 0; index < size; index++) {
        const time = times[index] ?? NO_TIME;
        if (time > latest) {
          latest = time;
        }
      }
      this.record(undefined, latest);
    }
  }

  /** The watermark that the records until now allow, whether a look has come or not. */
  get reached(): number {
    if (this.#outOfOrdernessMs === undefined || this.#latest === NO_TIME) {
      return this.watermark;
    }
    return Math.max(this.watermark, this.#latest - this.#outOfOrdernessMs - 1);
  }

  /** True where a record has brought a time. */
  get timed(): boolean {
    return this.#latest !== NO_TIME;
  }

  look(now: number): void {
    if (this.#isIdle(now)) {
      this.idle = true;
    } else {
      this.watermark = this.reached;
    }
  }

  /** No records could come: the clock of idleness begins anew. */
  pause(): void {
    this.#quietSince = undefined;
  }

  #isIdle(now: number): boolean {
    if (this.#seen) {
      this.#seen = false;
      this.#quietSince = undefined;
      return false;
    }
    if (this.#quietSince === undefined) {
      this.#quietSince = now;
      return false;
    }
    return now - this.#quietSince > this.#idleAfterMs;
  }

  #read(said: number | 'idle' | undefined): void {
    if (said === 'idle') {
      this.idle = true;
    } else if (said !== undefined && said > this.watermark) {
      this.watermark = said;
    }
  }
}
