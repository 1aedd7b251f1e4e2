import { codecFor } from '../data/codec.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Key } from '../data/key-groups.ts';
import { unpinned } from '../data/unpinned.ts';
import type { ValueCodec } from '../data/value-codec.ts';
import type { StateDeclaration } from './declaration.ts';
import type { KeyScope } from './key-scope.ts';
import { migratingReader } from './migration.ts';
import { layoutType, type StateLayout } from './state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from './state-table.ts';
import { ExpirySweep, isExpired, readWrittenAt } from './time-to-live.ts';

/** A list per key, in the order of `push`. With a time to live every element expires by itself. */
export interface ListState<T> extends Iterable<T> {
  push(value: T): void;
  /** Replaces all elements. */
  set(values: Iterable<T>): void;
  clear(): void;
  readonly length: number;
}

interface Element {
  readonly value: unknown;
  readonly writtenAt: number;
}

interface ListEntry extends StateEntry {
  /** Replaced and never changed in place, except that `push` adds behind its end. */
  elements: Element[];
}

/** The table behind a list cell. A snapshot writes the list of a key as a whole. */
export class ListTable extends StateTable<ListEntry> implements ListState<unknown> {
  readonly name: string;
  readonly layout: StateLayout;
  readonly #codec: ValueCodec;
  readonly #ttlMs: number | undefined;
  readonly #scope: KeyScope;
  readonly #entries = new Map<Key, ListEntry>();
  readonly #sweep = new ExpirySweep(
    () => this.allEntries(),
    (entry) => this.#remove(entry),
  );

  constructor(declaration: StateDeclaration, scope: KeyScope) {
    super();
    this.name = declaration.name;
    this.#codec = codecFor(declaration.schema);
    this.#ttlMs = declaration.ttlMs;
    this.#scope = scope;
    this.layout = { kind: 'list', value: layoutType(declaration.schema), timed: this.#ttlMs !== undefined };
  }

  get entryCount(): number {
    return this.#entries.size;
  }

  get length(): number {
    return this.#current()?.elements.length ?? 0;
  }

  *[Symbol.iterator](): Generator<unknown> {
    for (const element of this.#current()?.elements ?? []) {
      yield element.value;
    }
  }

  push(value: unknown): void {
    this.#sweepExpired();
    const element = { value: unpinned(value), writtenAt: this.#now() };
    const entry = this.#current();
    if (entry === undefined) {
      return this.#insert(this.#scope.key, [element]);
    }
    this.touch(entry);
    entry.elements.push(element);
  }

  set(values: Iterable<unknown>): void {
    this.#sweepExpired();
    const writtenAt = this.#now();
    const elements = Array.from(values, (value) => ({ value: unpinned(value), writtenAt }));
    const entry = this.#entries.get(this.#scope.key);
    if (elements.length === 0) {
      return this.clear();
    }
    if (entry === undefined) {
      return this.#insert(this.#scope.key, elements);
    }
    this.touch(entry);
    entry.elements = elements;
  }

  clear(): void {
    const entry = this.#entries.get(this.#scope.key);
    if (entry !== undefined) {
      this.#remove(entry);
    }
  }

  protected allEntries(): Iterator<ListEntry> {
    return this.#entries.values();
  }

  write(out: FrameWriter, entry: ListEntry): void {
    out.u32(entry.elements.length);
    for (const element of entry.elements) {
      if (this.#ttlMs !== undefined) {
        out.f64(element.writtenAt);
      }
      this.#codec.write(out, element.value);
    }
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null);
    return (from, key, keep) => {
      const elements = Array.from({ length: from.u32() }, (): Element => {
        const writtenAt = readWrittenAt(from, written, this.#scope.clock);
        return { value: unpinned(readValue(from)), writtenAt };
      });
      if (keep) {
        this.#insert(key, elements);
      }
    };
  }

  #insert(key: Key, elements: Element[]): void {
    const own = unpinned(key);
    this.#entries.set(own, { version: this.version, key: own, elements });
  }

  /** The list of the current key without expired elements; undefined when nothing is left. */
  #current(): ListEntry | undefined {
    const entry = this.#entries.get(this.#scope.key);
    const ttlMs = this.#ttlMs;
    if (entry === undefined || ttlMs === undefined) {
      return entry;
    }
    const { clock } = this.#scope;
    const live = entry.elements.filter((element) => !isExpired(element.writtenAt, ttlMs, clock));
    if (live.length === 0) {
      this.#remove(entry);
      return undefined;
    }
    if (live.length < entry.elements.length) {
      this.touch(entry);
      entry.elements = live;
    }
    return entry;
  }

  /** A list goes with the last of its elements, which is the one written last. */
  #sweepExpired(): void {
    const ttlMs = this.#ttlMs;
    if (ttlMs !== undefined) {
      const { clock } = this.#scope;
      this.#sweep.next(({ elements }) => isExpired(elements.at(-1)?.writtenAt ?? 0, ttlMs, clock));
    }
  }

  #remove(entry: ListEntry): void {
    this.touch(entry);
    this.#entries.delete(entry.key);
  }

  #now(): number {
    return this.#ttlMs === undefined ? 0 : this.#scope.clock.now();
  }
}
