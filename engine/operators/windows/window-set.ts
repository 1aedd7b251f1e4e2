import type { Key } from '../../data/key-groups.ts';
import { unpinned } from '../../data/unpinned.ts';
import type { WindowEntry, WindowSpan } from './window-entry.ts';

/**
 * The windows of every key, those of one key in the order of their start.
 *
 * Contract: where windows merge, those of a key neither overlap nor touch.
 */
export class WindowSet {
  readonly #byKey = new Map<Key, WindowEntry[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The window of a key that begins last. */
  newest(key: Key): WindowEntry | undefined {
    const windows = this.#byKey.get(key);
    return windows === undefined ? undefined : windows[windows.length - 1];
  }

  find(key: Key, start: number): WindowEntry | undefined {
    const windows = this.#byKey.get(key);
    if (windows === undefined) {
      return undefined;
    }
    const newest = windows[windows.length - 1];
    if (newest?.start === start) {
      return newest;
    }
    const found = windows[placeOf(windows, start) - 1];
    return found?.start === start ? found : undefined;
  }

  add(window: WindowEntry): void {
    const windows = this.#byKey.get(window.key);
    if (windows === undefined) {
      this.#byKey.set(window.key, [window]);
    } else {
      windows.splice(placeOf(windows, window.start), 0, window);
    }
    this.#size++;
  }

  remove(window: WindowEntry): void {
    const windows = this.#byKey.get(window.key);
    const index = windows?.indexOf(window) ?? -1;
    if (windows === undefined || index < 0) {
      return;
    }
    this.#size--;
    if (windows.length === 1) {
      this.#byKey.delete(window.key);
    } else {
      windows.splice(index, 1);
    }
  }

  /** The windows that overlap or touch a span, the earliest first. */
  touching(key: Key, { start, end }: WindowSpan): readonly WindowEntry[] {
    const windows = this.#byKey.get(key) ?? [];
    const found: WindowEntry[] = [];
    // Windows that do not overlap end in the order in which they begin.
    for (let index = placeOf(windows, end) - 1; index >= 0; index--) {
      const window = windows[index];
      if (window === undefined || window.end < start) {
        break;
      }
      found.unshift(window);
    }
    return found;
  }

  *[Symbol.iterator](): Generator<WindowEntry> {
    for (const windows of this.#byKey.values()) {
      // A copy, since a window that goes would shift those behind it.
      yield* windows.slice();
    }
  }
}

/** The key as a set may hold it for long. */
export function heldKey(key: Key): Key {
  return unpinned(key);
}

/** How many windows begin at `start` or before; the newest ones are looked at first. */
function placeOf(windows: readonly WindowEntry[], start: number): number {
  const last = windows[windows.length - 1];
  if (last === undefined || last.start <= start) {
    return windows.length;
  }
  let [low, high] = [0, windows.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((windows[middle]?.start ?? 0) <= start) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
