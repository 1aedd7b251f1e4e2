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

/** One value per key. */
export interface ValueState<T> {
  /** The value of the current key; undefined when it was never set, cleared, or has expired. Treat it as frozen. */
  get(): T | undefined;
  /** Sets the value; undefined clears it. */
  set(value: T | undefined): void;
  clear(): void;
}

interface ValueEntry extends StateEntry {
  value: unknown;
  writtenAt: number;
}

/** The table behind a value cell. */
export class ValueTable extends StateTable<ValueEntry> implements ValueState<unknown> {
  readonly name: string;
  readonly layout: StateLayout;
  readonly #codec: ValueCodec;
  readonly #ttlMs: number | undefined;
  readonly #scope: KeyScope;
  readonly #entries = new Map<Key, ValueEntry>();
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
    this.layout = { kind: 'value', value: layoutType(declaration.schema), timed: this.#ttlMs !== undefined };
  }

  get entryCount(): number {
    return this.#entries.size;
  }

  get(): unknown {
    const entry = this.#entries.get(this.#scope.key);
    if (entry === undefined) {
      return undefined;
    }
    if (this.#expired(entry)) {
      this.#remove(entry);
      return undefined;
    }
    return entry.value;
  }

  set(value: unknown): void {
    if (value === undefined) {
      return this.clear();
    }
    if (this.#ttlMs !== undefined) {
      this.#sweep.next((entry) => this.#expired(entry));
    }
    const { key } = this.#scope;
    const writtenAt = this.#ttlMs === undefined ? 0 : this.#scope.clock.now();
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      const own = unpinned(key);
      this.#entries.set(own, { version: this.version, key: own, value: unpinned(value), writtenAt });
      return;
    }
    this.touch(entry);
    entry.value = unpinned(value);
    entry.writtenAt = writtenAt;
  }

  clear(): void {
    const entry = this.#entries.get(this.#scope.key);
    if (entry !== undefined) {
      this.#remove(entry);
    }
  }

  protected allEntries(): Iterator<ValueEntry> {
    return this.#entries.values();
  }

  write(out: FrameWriter, entry: ValueEntry): void {
    if (this.#ttlMs !== undefined) {
      out.f64(entry.writtenAt);
    }
    this.#codec.write(out, entry.value);
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null);
    return (from, key, keep) => {
      const writtenAt = readWrittenAt(from, written, this.#scope.clock);
      const value = readValue(from);
      if (keep) {
        const own = unpinned(key);
        this.#entries.set(own, { version: this.version, key: own, value: unpinned(value), writtenAt });
      }
    };
  }

  #remove(entry: ValueEntry): void {
    this.touch(entry);
    this.#entries.delete(entry.key);
  }

  #expired(entry: ValueEntry): boolean {
    return this.#ttlMs !== undefined && isExpired(entry.writtenAt, this.#ttlMs, this.#scope.clock);
  }
}
