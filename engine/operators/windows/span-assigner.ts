import { windowStart } from './window-assigner.ts';
import { type GeneralAssigner, windowTime } from './window-definition.ts';
import type { WindowSpan } from './window-entry.ts';

/** The windows of a record, the latest first, as Flink fires them; `time` is in the assigner's domain of time. */
export type SpansOf = (value: unknown, time: number, now: number) => readonly WindowSpan[];

const GLOBAL: readonly WindowSpan[] = [{ start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY }];

/** Source: `assignWindows` of Flink's assigners. */
export function spansOf(assigner: GeneralAssigner): SpansOf {
  switch (assigner.kind) {
    case 'tumbling':
      return tumblingSpans(assigner);
    case 'sliding':
      return slidingSpans(assigner);
    case 'global':
      return () => GLOBAL;
    case 'session':
      // Sessions are made record by record; see `gapOf`.
      return () => [];
  }
}

function tumblingSpans({
  sizeMs,
  offsetMs,
  stagger,
}: Extract<GeneralAssigner, { kind: 'tumbling' }>): SpansOf {
  // A natural stagger is that of the first record of the subtask, and is not part of snapshots.
  let shift = stagger === 'natural' ? undefined : 0;
  return (_, time, now) => {
    shift ??= now - windowStart(now, sizeMs, 0);
    const start = windowStart(time, sizeMs, (offsetMs + shift) % sizeMs);
    return [{ start, end: start + sizeMs }];
  };
}

function slidingSpans({ sizeMs, slideMs, offsetMs }: Extract<GeneralAssigner, { kind: 'sliding' }>): SpansOf {
  return (_, time) => {
    const spans: WindowSpan[] = [];
    for (let start = windowStart(time, slideMs, offsetMs); start > time - sizeMs; start -= slideMs) {
      spans.push({ start, end: start + sizeMs });
    }
    return spans;
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
