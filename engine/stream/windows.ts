import { type Duration, ms, positiveMs } from '../data/duration.ts';
import type { WindowAssigner } from '../operators/operator-definition.ts';

/** Windows as one writes them: what they are, and how people call them. */
export interface Window {
  readonly assigner: WindowAssigner;
  readonly text: string;
}

/** Where windows begin: at 1970-01-01T00:00:00Z plus `offset` (or minus, as in `'-2 hours'`). */
export interface WindowOptions {
  readonly offset?: Duration;
}

/** Windows one behind the other: every record is in one of them. */
export function tumbling(size: Duration, options: WindowOptions = {}): Window {
  const sizeMs = positiveMs(size, 'window size');
  return {
    assigner: { kind: 'tumbling', sizeMs, offsetMs: offsetMs(options, sizeMs) },
    text: `tumbling ${size}`,
  };
}

/** A window of `size` every `slide`: a record is in size / slide of them. */
export function sliding(size: Duration, slide: Duration, options: WindowOptions = {}): Window {
  const slideMs = positiveMs(slide, 'window slide');
  const sizeMs = positiveMs(size, 'window size');
  return {
    assigner: { kind: 'sliding', sizeMs, slideMs, offsetMs: offsetMs(options, slideMs) },
    text: `sliding ${size} every ${slide}`,
  };
}

function offsetMs({ offset }: WindowOptions, periodMs: number): number {
  const negative = offset?.startsWith('-') === true;
  // A duration without its sign is one still.
  const length = offset === undefined ? 0 : ms((negative ? offset.slice(1) : offset) as Duration);
  if (length >= periodMs) {
    throw new Error(
      `Cannot use window offset "${offset}": it must be shorter than ${periodMs} ms, after which windows repeat`,
    );
  }
  return negative ? -length : length;
}
