import type { Key } from '../../data/key-groups.ts';
import type { WindowEntry, WindowSpan } from './window-entry.ts';
import type { WindowIndex } from './window-index.ts';

/** The windows of one span, by key. */
export type SpanWindows = Map<Key, WindowEntry>;

/** Windows that all keys have in common, by their start: records that follow each other are mostly of the same one. */
export class SpanIndex implements WindowIndex {
  readonly #byStart = new Map<number, SpanWindows>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Undefined where no key has a window that begins then. Once it is empty it is not the index's any more. */
  at(start: number): SpanWindows | undefined {
    return this.#byStart.get(start);
  }

  *of(key: Key): Generator<WindowEntry> {
    for (const windows of this.#byStart.values()) {
      const window = windows.get(key);
      if (window !== undefined) {
        yield window;
      }
    }
  }

  find(key: Key, { start, end }: WindowSpan): WindowEntry | undefined {
    const window = this.#byStart.get(start)?.get(key);
    return window?.end === end ? window : undefined;
  }

  add(window: WindowEntry): void {
    const windows = this.#byStart.get(window.start);
    if (windows === undefined) {
      this.#byStart.set(window.start, new Map([[window.key, window]]));
    } else {
      windows.set(window.key, window);
    }
    this.#size++;
  }

  remove({ start, key }: WindowEntry): void {
    const windows = this.#byStart.get(start);
    if (windows?.delete(key) === true) {
      this.#size--;
      if (windows.size === 0) {
        this.#byStart.delete(start);
      }
    }
  }

  *[Symbol.iterator](): Generator<WindowEntry> {
    for (const windows of this.#byStart.values()) {
      yield* windows.values();
    }
  }
}
