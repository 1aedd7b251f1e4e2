import type { SplitTime } from '../connectors/connector.ts';
import { MAX_WATERMARK, MIN_WATERMARK, type RecordBatch } from '../data/record-batch.ts';
import type { WatermarkStrategy } from '../operators/operator-definition.ts';
import { WatermarkGenerator } from '../operators/watermark-generator.ts';

interface SplitClock extends SplitTime {
  readonly generator: WatermarkGenerator;
}

/**
 * The watermark of a source: each split has its own, the lowest of the active ones counts.
 *
 * Contract: `next` is asked periodically and gives a watermark only when it rose. Without a split the source is
 * idle, as it has nothing to wait for. Source: Flink's WatermarkOutputMultiplexer and SourceOutputWithWatermarks.
 */
export class SplitWatermarks {
  readonly #strategy: WatermarkStrategy;
  readonly #splits = new Map<string, SplitClock>();
  #last = MIN_WATERMARK;

  constructor(strategy: WatermarkStrategy) {
    this.#strategy = strategy;
  }

  add(split: string, time: SplitTime = {}): void {
    const { idleAfterMs: _, ...neverIdle } = this.#strategy;
    const generator = new WatermarkGenerator(time.bounded === true ? neverIdle : this.#strategy);
    this.#splits.set(split, { ...time, generator });
  }

  /** A finished split holds nothing back. */
  remove(split: string): void {
    this.#splits.delete(split);
  }

  /** The records of a batch, with their times. */
  records(split: string, batch: RecordBatch): void {
    this.#splits.get(split)?.generator.records(batch);
  }

  /** Idleness does not pass while the source itself, or one of its splits, is held back. */
  pause(held: Iterable<string> = this.#splits.keys()): void {
    for (const split of held) this.#splits.get(split)?.generator.pause();
  }

  /** How far every split is, by its records. */
  *progress(): Generator<{ readonly id: string; readonly watermark: number }> {
    for (const [id, { generator }] of this.#splits) yield { id, watermark: generator.reached };
  }

  /** The watermark if it rose since the last call. */
  next(now: number): number | undefined {
    for (const { generator } of this.#splits.values()) generator.look(now);
    const { lowest } = this;
    if (lowest <= this.#last || lowest === MAX_WATERMARK) return undefined;
    this.#last = lowest;
    return lowest;
  }

  get idle(): boolean {
    for (const { generator } of this.#splits.values()) if (!generator.idle) return false;
    return true;
  }

  /** Of the splits that count, as of the last look; the highest watermark where none does. */
  get lowest(): number {
    let lowest = MAX_WATERMARK;
    for (const split of this.#splits.values())
      if (counts(split)) lowest = Math.min(lowest, aheadOf(split, split.generator.watermark));
    return lowest;
  }

  /** The splits whose records have come further than `limit`. */
  beyond(limit: number): ReadonlySet<string> {
    const beyond = new Set<string>();
    for (const [id, split] of this.#splits) if (split.generator.reached > limit) beyond.add(id);
    return beyond;
  }

  /** True where no split that counts is left beside these. */
  onlyIn(splits: ReadonlySet<string>): boolean {
    for (const [id, split] of this.#splits) if (counts(split) && !splits.has(id)) return false;
    return true;
  }
}

function counts({ generator }: SplitClock): boolean {
  return !generator.idle;
}

/** Before its first record a split stands right before the earliest that it may bring. */
function aheadOf({ notBefore }: SplitClock, watermark: number): number {
  return notBefore === undefined ? watermark : Math.max(watermark, notBefore - 1);
}
