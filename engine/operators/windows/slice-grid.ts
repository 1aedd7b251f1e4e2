import { windowStart } from './window-assigner.ts';
import type { WindowAssigner } from '../operator-definition.ts';

type SlidingAssigner = Extract<WindowAssigner, { kind: 'sliding' }>;

/** More slices than this per slide, and slices cost more at a firing than they save per record. */
const SLICES_PER_SLIDE_MAX = 4;

/** True where slices pay: windows overlap, and are made of not too many slices. */
export function canSlice(assigner: WindowAssigner): assigner is SlidingAssigner {
  return (
    assigner.kind === 'sliding' &&
    assigner.slideMs < assigner.sizeMs &&
    assigner.slideMs / divisor(assigner.sizeMs, assigner.slideMs) <= SLICES_PER_SLIDE_MAX
  );
}

/**
 * Sliding windows cut at all their beginnings and ends: every record is in one slice, and all records of a slice are in
 * the same windows. Slices and windows are named by their ends, ms. Source: Flink SQL's `SliceAssigners`.
 */
export class SliceGrid {
  /** Length of a slice. */
  readonly sliceMs: number;
  readonly sizeMs: number;
  readonly offsetMs: number;
  readonly #slideMs: number;

  constructor({ sizeMs, slideMs, offsetMs }: SlidingAssigner) {
    this.sliceMs = divisor(sizeMs, slideMs);
    this.sizeMs = sizeMs;
    this.offsetMs = offsetMs;
    this.#slideMs = slideMs;
  }

  /** The end of the slice that a time is in. */
  sliceOf(time: number): number {
    return windowStart(time, this.sliceMs, this.offsetMs) + this.sliceMs;
  }

  /** Ends of the windows that a slice is in, the latest first. */
  windowsOf(slice: number): number[] {
    const ends: number[] = [];
    for (let end = this.lastWindowOf(slice); end >= slice; end -= this.#slideMs) {
      ends.push(end);
    }
    return ends;
  }

  lastWindowOf(slice: number): number {
    return windowStart(slice - this.sliceMs, this.#slideMs, this.offsetMs) + this.sizeMs;
  }

  firstWindowOf(slice: number): number {
    const last = this.lastWindowOf(slice);
    return last - Math.floor((last - slice) / this.#slideMs) * this.#slideMs;
  }

  /** Ends of the slices of a window, the earliest first. */
  slicesOf(window: number): number[] {
    const ends: number[] = [];
    for (let end = window - this.sizeMs + this.sliceMs; end <= window; end += this.sliceMs) {
      ends.push(end);
    }
    return ends;
  }
}

/** The greatest common divisor. */
function divisor(left: number, right: number): number {
  return right === 0 ? left : divisor(right, left % right);
}
