import type { SplitTime } from '../connectors/connector.ts';
import { MAX_WATERMARK, MIN_WATERMARK, NO_TIME } from '../data/record-batch.ts';

export interface SplitWatermarkOptions {
  /** How much earlier than the latest record another may still be. */
  readonly outOfOrdernessMs: number;
  /** A split without records for so long does not hold the watermark back; undefined: it does for ever. */
  readonly idleMs?: number;
}

interface SplitClock extends SplitTime {
  maxTime: number;
  /** When the split brought its last record, by the clock. */
  lastRecordAt: number;
  idle: boolean;
}

/**
 * The watermark of a source: each split has its own, bounded out-of-orderness behind its latest record; the
 * lowest of the active ones counts.
 *
 * Contract: `next` is asked periodically and gives a watermark only when it rose. Without a split the source is
 * idle, as it has nothing to wait for. Source: Flink's BoundedOutOfOrdernessWatermarks,
 * WatermarkOutputMultiplexer, WatermarksWithIdleness.
 */
export class SplitWatermarks {
  readonly #options: SplitWatermarkOptions;
  readonly #splits = new Map<string, SplitClock>();
  #last = MIN_WATERMARK;

  constructor(options: SplitWatermarkOptions) {
    this.#options = options;
  }

  add(split: string, now: number, time: SplitTime = {}): void {
    this.#splits.set(split, { ...time, maxTime: NO_TIME, lastRecordAt: now, idle: false });
  }

  /** A finished split holds nothing back. */
  remove(split: string): void {
    this.#splits.delete(split);
  }

  records(split: string, maxTime: number, now: number): void {
    const clock = this.#splits.get(split);
    if (clock === undefined) return;
    clock.lastRecordAt = now;
    clock.idle = false;
    if (maxTime > clock.maxTime) clock.maxTime = maxTime;
  }

  /** Idleness does not pass while the source itself is held back. */
  pause(now: number): void {
    for (const clock of this.#splits.values()) clock.lastRecordAt = now;
  }

  /** The watermark if it rose since the last call. */
  next(now: number): number | undefined {
    this.#noticeIdle(now);
    const lowest = this.#lowest();
    if (lowest <= this.#last || lowest === MAX_WATERMARK) return undefined;
    this.#last = lowest;
    return lowest;
  }

  get idle(): boolean {
    for (const { idle } of this.#splits.values()) if (!idle) return false;
    return true;
  }

  #noticeIdle(now: number): void {
    const { idleMs } = this.#options;
    if (idleMs === undefined) return;
    for (const clock of this.#splits.values())
      if (clock.bounded !== true && now - clock.lastRecordAt > idleMs) clock.idle = true;
  }

  #lowest(): number {
    let lowest = MAX_WATERMARK;
    for (const clock of this.#splits.values()) {
      if (clock.idle || (clock.inTurn === true && clock.maxTime === NO_TIME)) continue;
      lowest = Math.min(lowest, this.#watermarkOf(clock));
    }
    return lowest;
  }

  /** Before its first record a split stands right before the earliest that it may bring. */
  #watermarkOf({ maxTime, notBefore = NO_TIME }: SplitClock): number {
    const latest = maxTime === NO_TIME ? MIN_WATERMARK : maxTime - this.#options.outOfOrdernessMs - 1;
    return notBefore === NO_TIME ? latest : Math.max(latest, notBefore - 1);
  }
}
