/** Which records leave a window; the choices of `window(…, { evictor })`. */
import { type Duration, positiveMs } from '../data/duration.ts';
import type { EvictorDefinition, WindowElement } from '../operators/windows/window-definition.ts';
import type { WindowBounds } from '../operators/windows/window-entry.ts';

/** An evictor of windows whose records are of type `T`, as plain data. */
export interface Evictor<T> {
  readonly definition: EvictorDefinition;
  /** Exists in types only. */
  readonly '~record'?: (record: T) => void;
}

/** When an evictor removes records. */
export interface EvictorOptions {
  /** After the function has seen them; default before. */
  readonly after?: boolean;
}

/**
 * Which records leave a window when it fires, before its function sees them or after.
 *
 * A window with an evictor holds its records one by one, also for `reduce` and `aggregate`. The function is called
 * even when nothing is left; a reduced record is null then.
 * Example: `keyed.window(globalWindow(), { trigger: triggers.count(1), evictor: evictors.time('1 minute') })`.
 */
export const evictors = {
  /** Keeps the last `count` records. */
  count(count: number, { after = false }: EvictorOptions = {}): Evictor<unknown> {
    if (!Number.isInteger(count) || count < 0) {
      throw new Error(`Cannot use count evictor of ${count}: give a whole number, or 0 to keep nothing`);
    }
    return { definition: { kind: 'count', count, after } };
  },

  /** Keeps records that are less than `size` older than the youngest one in the window. */
  time: (size: Duration, { after = false }: EvictorOptions = {}): Evictor<unknown> => ({
    definition: { kind: 'time', sizeMs: positiveMs(size, 'evictor size'), after },
  }),

  /** Keeps records that are less than `threshold` away from the last one. */
  delta: <T>(
    threshold: number,
    delta: (record: T, last: T) => number,
    { after = false }: EvictorOptions = {},
  ): Evictor<T> => ({ definition: { kind: 'delta', threshold, delta, after } }),

  /** Keeps the elements that `keep` answers. */
  own: <T>(
    keep: (elements: readonly WindowElement<T>[], window: WindowBounds) => Iterable<WindowElement<T>>,
    { after = false }: EvictorOptions = {},
  ): Evictor<T> => ({ definition: { kind: 'own', keep, after } }),
};

/** An evictor in a few words, for descriptions. */
export function evictorText(definition: EvictorDefinition): string {
  const text = {
    count: () => `count ${'count' in definition ? definition.count : ''}`,
    time: () => `time ${'sizeMs' in definition ? definition.sizeMs : ''} ms`,
    delta: () => `delta below ${'threshold' in definition ? definition.threshold : ''}`,
    own: () => 'own',
  }[definition.kind]();
  return definition.after ? `${text}, after the function` : text;
}
