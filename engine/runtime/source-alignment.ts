import { MIN_WATERMARK } from '../data/record-batch.ts';
import type { SplitWatermarks } from './split-watermarks.ts';

/** What the alignment of a source subtask may do. */
export interface AlignmentContext {
  readonly watermarks: SplitWatermarks;
  /** Tells the reader which splits to pass over; undefined where it can only be left alone as a whole. */
  readonly pause: ((splits: ReadonlySet<string>) => void) | undefined;
  /** Tells the coordinator how far this subtask is. */
  readonly report: (watermark: number) => void;
}

/**
 * Holds the splits of one subtask back that are ahead of their group.
 *
 * Contract: what a split may bring at once, a batch, is all that it can be beyond the limit. Before the first limit
 * comes every split reads its first batch, to know where it stands. Source: Flink's split watermark alignment.
 */
export class SourceAlignment {
  readonly #context: AlignmentContext;
  #limit = MIN_WATERMARK;
  #reported: number | undefined;
  #held: ReadonlySet<string> = new Set();

  constructor(context: AlignmentContext) {
    this.#context = context;
  }

  /** True while nothing may be read. */
  get paused(): boolean {
    return this.#held.size > 0 && this.#context.watermarks.onlyIn(this.#held);
  }

  /** Splits that are not read. */
  get held(): ReadonlySet<string> {
    return this.#context.pause === undefined && !this.paused ? new Set() : this.#held;
  }

  /** How far the group may be read. */
  limit(watermark: number): void {
    this.#limit = watermark;
    this.examine();
  }

  /** To be called when splits have brought records or have gone. True when one more is held. */
  examine(): boolean {
    const held = this.#context.watermarks.beyond(this.#limit);
    const more = [...held].some((split) => !this.#held.has(split));
    if (more || held.size < this.#held.size) {
      this.#held = held;
      this.#context.pause?.(held);
    }
    return more;
  }

  /** Where this subtask stands: the lowest watermark of its splits, or the highest where nobody waits for it. */
  report(watermark: number): void {
    if (watermark === this.#reported) return;
    this.#reported = watermark;
    this.#context.report(watermark);
  }
}
