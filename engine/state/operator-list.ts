import { codecFor } from '../data/codec.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Key } from '../data/key-groups.ts';
import { unpinned } from '../data/unpinned.ts';
import type { ValueCodec } from '../data/value-codec.ts';
import type { Migration, StateDeclaration } from './declaration.ts';
import type { EntryFields } from './entry-view.ts';
import { migratingReader } from './migration.ts';
import { refuseNothing } from './refused-value.ts';
import type { Distribution } from './redistribution.ts';
import { layoutType, type StateLayout } from './state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from './state-table.ts';

/** A list that belongs to a subtask and to no key, in the order of `push`. */
export interface OperatorListState<T> extends Iterable<T> {
  /** Null and undefined are refused, here and in `set`. */
  push(value: T): void;
  /** Replaces all elements; none clears. */
  set(values: Iterable<T>): void;
  clear(): void;
  readonly length: number;
}

interface Element extends StateEntry {
  readonly value: unknown;
}

/** The key that elements are written with; it means nothing. */
const NO_KEY: Key = '';

/**
 * The table behind an operator list. Every element is an entry, so that a restore can deal them out to any number of
 * subtasks; that leaves it without an identity, so every snapshot writes all of them. Source: Flink's `PartitionableListState`.
 */
export class OperatorListTable extends StateTable<Element> implements OperatorListState<unknown> {
  readonly name: string;
  readonly layout: StateLayout;
  override readonly distribution: Distribution;
  readonly #codec: ValueCodec;
  readonly #migrations: readonly Migration[] | undefined;
  /** Added to at its end or replaced, and elements never change: a snapshot on its way goes on over the old ones. */
  #elements: Element[] = [];

  constructor(declaration: StateDeclaration) {
    super();
    this.name = declaration.name;
    this.distribution = declaration.restore ?? 'split';
    this.#codec = codecFor(declaration.schema);
    this.#migrations = declaration.migrations;
    this.layout = { kind: 'operator-list', value: layoutType(declaration.schema) };
  }

  get entryCount(): number {
    return this.#elements.length;
  }

  get length(): number {
    return this.#elements.length;
  }

  *[Symbol.iterator](): Generator<unknown> {
    for (const { value } of this.#elements) {
      yield value;
    }
  }

  push(value: unknown): void {
    refuseNothing(value, `list "${this.name}"`);
    this.#elements.push(this.#element(value));
  }

  set(values: Iterable<unknown>): void {
    const elements = Array.from(values, (value) => {
      refuseNothing(value, `list "${this.name}"`);
      return this.#element(value);
    });
    this.#elements = elements;
  }

  clear(): void {
    this.#elements = [];
  }

  protected allEntries(): Iterator<Element> {
    return this.#elements.values();
  }

  protected override view({ value }: Element): EntryFields {
    return { value };
  }

  write(out: FrameWriter, { value }: Element): void {
    this.#codec.write(out, value);
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null, this.#migrations);
    return {
      put: (from, _key, keep) => {
        const value = readValue(from);
        if (keep) {
          this.#elements.push(this.#element(value));
        }
      },
    };
  }

  #element(value: unknown): Element {
    return { version: this.version + 1, key: NO_KEY, value: unpinned(value) };
  }
}
