import { codecFor } from '../../data/codec.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import type { Schema } from '../../data/schema.ts';
import { unpinned, unpinnedRecord } from '../../data/unpinned.ts';
import type { ValueCodec } from '../../data/value-codec.ts';
import type { EntryFields } from '../../state/entry-view.ts';
import { migratingReader } from '../../state/migration.ts';
import { layoutType, type StateLayout } from '../../state/state-layout.ts';
import type { WindowContents } from './window-contents.ts';
import type { WindowEntry } from './window-entry.ts';

type Reduce = (left: unknown, right: unknown) => unknown;

/** Holds the records one behind the other. An array only grows, so a firing may hand it out. */
export class RecordContents implements WindowContents {
  readonly form = 'records';
  readonly layout: WindowContents['layout'];
  readonly #codec: ValueCodec;
  readonly #finish: (window: WindowEntry, records: readonly unknown[]) => void;

  constructor(
    schema: Schema | undefined,
    finish: (window: WindowEntry, records: readonly unknown[]) => void,
  ) {
    this.layout = { value: layoutType(schema) };
    this.#codec = codecFor(schema);
    this.#finish = finish;
  }

  add(window: WindowEntry, value: unknown): void {
    if (window.contents === undefined) {
      window.contents = [unpinnedRecord(value)];
    } else {
      recordsOf(window).push(unpinnedRecord(value));
    }
  }

  absorb(window: WindowEntry, absorbed: WindowEntry): void {
    window.contents = [...recordsOf(window), ...recordsOf(absorbed)];
  }

  fire(window: WindowEntry): void {
    // A copy: what a function keeps of it must not grow behind its back.
    this.#finish(window, recordsOf(window).slice());
  }

  view(window: WindowEntry): EntryFields {
    return { values: recordsOf(window) };
  }

  write(out: FrameWriter, contents: unknown): void {
    const records = contents as readonly unknown[]; // only this class makes them
    out.u32(records.length);
    for (const record of records) {
      this.#codec.write(out, record);
    }
  }

  reader(written: StateLayout): ReturnType<WindowContents['reader']> {
    const read = migratingReader(written.value ?? null, this.layout.value ?? null);
    return (from) => Array.from({ length: from.u32() }, () => unpinned(read(from)));
  }
}

function recordsOf({ contents }: WindowEntry): unknown[] {
  return contents as unknown[]; // only RecordContents makes them
}

/** Holds one record: all that came, reduced. */
export class ReducedContents implements WindowContents {
  readonly form = 'reduced';
  readonly layout: WindowContents['layout'];
  readonly #codec: ValueCodec;
  readonly #reduce: Reduce;
  readonly #finish: (window: WindowEntry, reduced: unknown) => void;

  constructor(
    schema: Schema | undefined,
    reduce: Reduce,
    finish: (window: WindowEntry, reduced: unknown) => void,
  ) {
    this.layout = { value: layoutType(schema) };
    this.#codec = codecFor(schema);
    this.#reduce = reduce;
    this.#finish = finish;
  }

  add(window: WindowEntry, value: unknown): void {
    const before = window.contents;
    const reduced = before === undefined ? value : this.#reduce(before, value);
    // What stays as it was is unpinned already.
    window.contents = reduced === before ? before : unpinned(reduced);
  }

  absorb(window: WindowEntry, absorbed: WindowEntry): void {
    window.contents = this.#reduce(window.contents, absorbed.contents);
  }

  fire(window: WindowEntry): void {
    this.#finish(window, window.contents);
  }

  write(out: FrameWriter, contents: unknown): void {
    this.#codec.write(out, contents);
  }

  reader(written: StateLayout): ReturnType<WindowContents['reader']> {
    const read = migratingReader(written.value ?? null, this.layout.value ?? null);
    return (from) => unpinned(read(from));
  }
}
