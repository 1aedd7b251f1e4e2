import { windowStart } from './window-assigner.ts';
import { type GeneralAssigner, windowTime } from './window-definition.ts';

/** Where the windows of a record begin: the latest first, as Flink fires them, and `slideMs` apart. */
export interface WindowSpans {
  readonly sizeMs: number;
  readonly slideMs: number;
  /** Start of the latest; `time` is in the assigner's domain of time. */
  lastStart(time: number, now: number): number;
}

/** Undefined of windows that do not begin at times of their own. Source: `assignWindows` of Flink's assigners. */
export function spansOf(assigner: GeneralAssigner): WindowSpans | undefined {
  switch (assigner.kind) {
    case 'tumbling':
      return { sizeMs: assigner.sizeMs, slideMs: assigner.sizeMs, lastStart: tumblingStart(assigner) };
    case 'sliding': {
      const { sizeMs, slideMs, offsetMs } = assigner;
      return { sizeMs, slideMs, lastStart: (time) => windowStart(time, slideMs, offsetMs) };
    }
    case 'global':
    case 'session':
      return undefined;
  }
}

function tumblingStart({
  sizeMs,
  offsetMs,
  stagger,
}: Extract<GeneralAssigner, { kind: 'tumbling' }>): WindowSpans['lastStart'] {
  if (stagger === 'aligned') {
    return (time) => windowStart(time, sizeMs, offsetMs);
  }
  // A natural stagger is that of the first record of the subtask, and is not part of snapshots.
  let shift: number | undefined;
  return (time, now) => {
    shift ??= now - windowStart(now, sizeMs, 0);
    return windowStart(time, sizeMs, (offsetMs + shift) % sizeMs);
  };
}

/** The gap behind a record, ms. */
export type GapOf = (value: unknown) => number;

/** The gaps of sessions; undefined of other windows. */
export function gapOf(assigner: GeneralAssigner): GapOf | undefined {
  if (assigner.kind !== 'session') {
    return undefined;
  }
  const { gapMs } = assigner;
  if (typeof gapMs === 'number') {
    return () => gapMs;
  }
  const ask = gapMs as (value: unknown) => number; // the graph joins only what fits
  return (value) => {
    const gap = ask(value);
    if (!(gap > 0 && Number.isSafeInteger(gap))) {
      throw new Error(`the gap of a session is ${gap}; give whole milliseconds above zero`);
    }
    return gap;
  };
}

/** True where windows depend on the clock. */
export function readsClock(assigner: GeneralAssigner): boolean {
  return (
    windowTime(assigner) === 'processing' || (assigner.kind === 'tumbling' && assigner.stagger === 'natural')
  );
}
