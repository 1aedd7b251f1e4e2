import { anyCodec } from '../../data/any-codec.ts';
import type { FrameReader } from '../../data/frame-reader.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import type { Key } from '../../data/key-groups.ts';
import { unpinned } from '../../data/unpinned.ts';
import type { EntryFields } from '../../state/entry-view.ts';
import type { StateLayout } from '../../state/state-layout.ts';
import { type EntryReader, StateTable } from '../../state/state-table.ts';
import { refuseOtherAggregates } from './accumulator-codec.ts';
import type { WindowContents } from './window-contents.ts';
import { WindowEntry, type WindowSpan, type WindowTimers } from './window-entry.ts';
import { heldKey, type WindowIndex } from './window-index.ts';
import { WINDOWS } from './window-table.ts';

/** What triggers and functions keep of a window beside its records. */
export interface WindowSlots {
  readonly count: number;
  /** What they hold. */
  readonly forms: readonly (readonly [name: string, kind: string])[];
}

/** Of windows that have none: nobody writes it. */
const NO_SLOTS: unknown[] = Object.freeze([]) as unknown as unknown[]; // frozen, so that nobody can

/**
 * Windows of any kind, with everything that is known of them: one entry holds contents, state and timers of a key in a
 * window, so that a snapshot never has one without the other.
 */
export class GeneralWindowTable extends StateTable<WindowEntry> {
  readonly name = WINDOWS;
  readonly layout: StateLayout;
  readonly windows: WindowIndex;
  readonly #contents: WindowContents;
  readonly #slots: number;

  constructor(windows: WindowIndex, contents: WindowContents, { count, forms }: WindowSlots) {
    super();
    this.windows = windows;
    this.#contents = contents;
    this.#slots = count;
    this.layout = {
      kind: 'windows',
      ...contents.layout,
      aggregates: [['contents', contents.form], ...forms],
    };
  }

  get entryCount(): number {
    return this.windows.size;
  }

  insert(key: Key, span: WindowSpan): WindowEntry {
    const window = new WindowEntry(this.version + 1, heldKey(key), span, this.#slots === 0 ? NO_SLOTS : []);
    this.windows.add(window);
    this.born(window);
    return window;
  }

  remove(window: WindowEntry): void {
    this.removed(window);
    window.clearTimers();
    this.windows.remove(window);
  }

  protected override *entriesOf(key: Key): Generator<WindowEntry> {
    yield* this.windows.of(key);
  }

  protected override view(window: WindowEntry): EntryFields {
    const { start, end } = window;
    if (window.contents === undefined) {
      return { start, end };
    }
    return { start, end, ...(this.#contents.view?.(window) ?? { value: window.contents }) };
  }

  protected allEntries(): Iterator<WindowEntry> {
    return this.windows[Symbol.iterator]();
  }

  /** Gives a window another span. */
  move(window: WindowEntry, { start, end }: WindowSpan): void {
    if (window.version <= this.version) {
      this.renamed(window);
    }
    window.start = start;
    window.end = end;
  }

  override writeId(out: FrameWriter, window: WindowEntry): void {
    out.f64(window.start);
    out.f64(window.end);
  }

  write(out: FrameWriter, window: WindowEntry): void {
    writeTimes(out, window.eventTimers);
    writeTimes(out, window.processingTimers);
    anyCodec.write(out, window.slots);
    out.u8(window.contents === undefined ? 0 : 1);
    if (window.contents !== undefined) {
      this.#contents.write(out, window.contents);
    }
  }

  reader(written: StateLayout): EntryReader {
    refuseOtherAggregates(written, this.layout);
    const readContents = this.#contents.reader(written);
    return {
      put: (from, key, keep) => {
        const span = { start: from.f64(), end: from.f64() };
        const window = keep ? this.#replace(key, span) : new WindowEntry(0, key, span);
        readTimes(from, window.eventTimers);
        readTimes(from, window.processingTimers);
        const slots = unpinned(anyCodec.read(from)) as unknown[]; // an array was written
        if (slots.length > 0) {
          window.slots.push(...slots);
        }
        window.contents = from.u8() === 1 ? readContents(from, window) : undefined;
      },
      remove: (from, key, keep) => {
        const span = { start: from.f64(), end: from.f64() };
        if (keep) {
          this.#forget(key, span);
        }
      },
    };
  }

  #replace(key: Key, span: WindowSpan): WindowEntry {
    this.#forget(key, span);
    return this.insert(key, span);
  }

  /** Takes a window out that a restore has read. */
  #forget(key: Key, span: WindowSpan): void {
    const window = this.windows.find(key, span);
    if (window !== undefined) {
      this.windows.remove(window);
    }
  }
}

function writeTimes(out: FrameWriter, { times }: WindowTimers): void {
  out.u32(times.length);
  for (const time of times) {
    out.f64(time);
  }
}

function readTimes(from: FrameReader, timers: WindowTimers): void {
  for (let left = from.u32(); left > 0; left--) {
    timers.add(from.f64());
  }
}
