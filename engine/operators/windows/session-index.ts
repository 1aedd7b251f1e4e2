import type { Key } from '../../data/key-groups.ts';
import type { WindowEntry, WindowSpan } from './window-entry.ts';
import type { WindowIndex } from './window-index.ts';

/**
 * Windows that grow, by key: the newest, and behind it those that began before.
 *
 * Contract: the windows of a key neither overlap nor touch, so that they end in the order in which they begin.
 */
export class SessionIndex implements WindowIndex {
  readonly #newest = new Map<Key, WindowEntry>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The window of a key that begins last. */
  newest(key: Key): WindowEntry | undefined {
    return this.#newest.get(key);
  }

  of(key: Key): Iterable<WindowEntry> {
    const newest = this.#newest.get(key);
    return newest === undefined ? [] : chainOf(newest);
  }

  find(key: Key, { start, end }: WindowSpan): WindowEntry | undefined {
    let window = this.#newest.get(key);
    while (window !== undefined && window.start > start) {
      window = window.earlier;
    }
    return window?.start === start && window.end === end ? window : undefined;
  }

  add(window: WindowEntry): void {
    let later: WindowEntry | undefined;
    let earlier = this.#newest.get(window.key);
    while (earlier !== undefined && earlier.start > window.start) {
      later = earlier;
      earlier = earlier.earlier;
    }
    this.#link(earlier, window);
    if (later === undefined) {
      this.#newest.set(window.key, window);
    } else {
      this.#link(window, later);
    }
    this.#size++;
  }

  remove(window: WindowEntry): void {
    const { key, earlier, later } = window;
    if (later !== undefined) {
      later.earlier = earlier;
    } else if (this.#newest.get(key) !== window) {
      return;
    } else if (earlier === undefined) {
      this.#newest.delete(key);
    } else {
      this.#newest.set(key, earlier);
    }
    if (earlier !== undefined) {
      earlier.later = later;
    }
    window.later = undefined;
    window.earlier = undefined;
    this.#size--;
  }

  /** The windows that overlap or touch a span, the earliest first. */
  touching(key: Key, { start, end }: WindowSpan): readonly WindowEntry[] {
    const found: WindowEntry[] = [];
    let window = this.#newest.get(key);
    for (; window !== undefined && window.end >= start; window = window.earlier) {
      if (window.start <= end) {
        found.push(window);
      }
    }
    return found.reverse();
  }

  *[Symbol.iterator](): Generator<WindowEntry> {
    for (const newest of this.#newest.values()) {
      // Together, since a window that goes loses its way to the others.
      yield* newest.earlier === undefined ? [newest] : chainOf(newest);
    }
  }

  #link(earlier: WindowEntry | undefined, window: WindowEntry): void {
    window.earlier = earlier;
    if (earlier !== undefined) {
      earlier.later = window;
    }
  }
}

function chainOf(newest: WindowEntry): readonly WindowEntry[] {
  const windows: WindowEntry[] = [];
  for (let window: WindowEntry | undefined = newest; window !== undefined; window = window.earlier) {
    windows.push(window);
  }
  return windows;
}
