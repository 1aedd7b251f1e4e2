import { type Duration, positiveMs, signedMs } from '../data/duration.ts';
import type {
  EvictorDefinition,
  GeneralAssigner,
  TriggerDefinition,
  WindowStagger,
  WindowTime,
} from '../operators/windows/window-definition.ts';

/** Windows as one writes them, for records of type `T`: what they are, and how people call them. */
export interface Window<T = unknown> {
  readonly assigner: GeneralAssigner;
  readonly text: string;
  /** Of windows that bring their own, in place of the one that fires at the end. */
  readonly trigger?: TriggerDefinition;
  readonly evictor?: EvictorDefinition;
  /** Exists in types only. */
  readonly '~record'?: (record: T) => void;
}

/** Whose time divides records, and where windows begin. */
export interface WindowOptions {
  /** Windows begin at 1970-01-01T00:00:00Z plus `offset`, or minus it, as in `'-2 hours'`. */
  readonly offset?: Duration;
  /** Default `'event'`. Windows of processing time know no lateness. */
  readonly time?: WindowTime;
}

/** Options of tumbling windows. */
export interface TumblingOptions extends WindowOptions {
  /**
   * `'natural'` moves the windows of every subtask by how far into a window its first record comes, so that not all of
   * them fire at once. Default `'aligned'`.
   */
  readonly stagger?: WindowStagger;
}

/**
 * Windows one behind the other: every record is in one of them.
 *
 * Example: `tumbling('1 day', { offset: '-2 hours' })`.
 */
export function tumbling(size: Duration, options: TumblingOptions = {}): Window {
  const sizeMs = positiveMs(size, 'window size');
  const { time = 'event', stagger = 'aligned' } = options;
  return {
    assigner: { kind: 'tumbling', sizeMs, offsetMs: offsetMs(options, sizeMs), time, stagger },
    text: `tumbling ${size}${timeText(time)}`,
  };
}

/**
 * A window of `size` every `slide`: a record is in size / slide of them.
 *
 * Example: `sliding('10 seconds', '2 seconds')`.
 */
export function sliding(size: Duration, slide: Duration, options: WindowOptions = {}): Window {
  const slideMs = positiveMs(slide, 'window slide');
  const sizeMs = positiveMs(size, 'window size');
  const { time = 'event' } = options;
  return {
    assigner: { kind: 'sliding', sizeMs, slideMs, offsetMs: offsetMs(options, slideMs), time },
    text: `sliding ${size} every ${slide}${timeText(time)}`,
  };
}

/**
 * Windows of activity: a session ends when no record has come for `gap`, or for what `gap` gives for its records.
 *
 * Example: `session('30 minutes')`, or `session((click) => click.mobile ? 60_000 : 600_000)` in milliseconds.
 */
export function session<T = unknown>(
  gap: Duration | ((record: T) => number),
  { time = 'event' }: Pick<WindowOptions, 'time'> = {},
): Window<T> {
  const gapMs = typeof gap === 'function' ? gap : positiveMs(gap, 'session gap');
  const text = typeof gap === 'function' ? 'session with a gap per record' : `session ${gap}`;
  return { assigner: { kind: 'session', gapMs, time }, text: `${text}${timeText(time)}` };
}

/**
 * One window per key for all time. It fires when its trigger says so, or, with `endOfStream`, once at the end of the input.
 *
 * Example: `keyed.window(globalWindow(), { trigger: triggers.count(100) })`.
 */
export function globalWindow({ endOfStream = false }: { readonly endOfStream?: boolean } = {}): Window {
  return {
    assigner: { kind: 'global' },
    text: 'global',
    ...(endOfStream ? { trigger: { kind: 'end-of-stream' } } : {}),
  };
}

/**
 * Windows of `size` records of a key, of which 0 counts as 1; with `slide`, of the last `size` records after every `slide` of them.
 *
 * Example: `keyed.window(countWindow(100))`.
 */
export function countWindow(size: number, slide?: number): Window {
  for (const [name, count] of Object.entries({ size, ...(slide === undefined ? {} : { slide }) })) {
    if (!Number.isInteger(count) || count < 0) {
      throw new Error(`Cannot use count window with ${name} ${count}: give a whole number`);
    }
  }
  const assigner = { kind: 'global' } as const;
  if (slide === undefined) {
    const trigger = { kind: 'purging', of: { kind: 'count', count: size } } as const;
    return { assigner, trigger, text: `count ${size}` };
  }
  return {
    assigner,
    trigger: { kind: 'count', count: slide },
    evictor: { kind: 'count', count: size, after: false },
    text: `count ${size} every ${slide}`,
  };
}

function timeText(time: WindowTime): string {
  return time === 'event' ? '' : ' of processing time';
}

function offsetMs({ offset }: WindowOptions, periodMs: number): number {
  const length = offset === undefined ? 0 : signedMs(offset);
  if (Math.abs(length) >= periodMs) {
    throw new Error(
      `Cannot use window offset "${offset}": it must be shorter than ${periodMs} ms, after which windows repeat`,
    );
  }
  return length;
}
