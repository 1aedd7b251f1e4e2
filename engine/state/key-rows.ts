import type { Key } from '../data/key-groups.ts';
import type { EntryIndex } from './entry-index.ts';
import { ownKey } from './own-key.ts';
import { ShardedMap } from './sharded-map.ts';

/** Most operators have no more tables; their fields lie in the row itself, which saves memory and a cache miss. */
const OWN_FIELDS = 3;

/** What all cells and timers of an operator hold for one key: a field per table, undefined where it holds nothing. */
export class KeyRow {
  readonly key: Key;
  /** How many fields hold something; a row without any is dropped. */
  held = 0;
  first: unknown = undefined;
  second: unknown = undefined;
  third: unknown = undefined;
  others: unknown[] | undefined = undefined;

  constructor(key: Key) {
    this.key = key;
  }
}

/**
 * One index for all cells and timers of an operator: a key is looked up once for a record or timer, however many of
 * them its handler touches.
 */
export class KeyRows {
  readonly #rows = new ShardedMap<KeyRow>();
  #columns = 0;
  /** The row at work. */
  #recent: KeyRow | undefined;

  column<E>(): KeyColumn<E> {
    return new KeyColumn<E>(this, this.#columns++);
  }

  find(key: Key): KeyRow | undefined {
    const recent = this.#recent;
    if (recent !== undefined && recent.key === key) {
      return recent;
    }
    const row = this.#rows.get(key);
    this.#recent = row;
    return row;
  }

  /** Says which row is looked for next. */
  expect(row: KeyRow): void {
    this.#recent = row;
  }

  /** Makes the row of a key that may be held for long. */
  make(key: Key): KeyRow {
    const row = new KeyRow(key);
    this.#rows.set(row.key, row);
    this.#recent = row;
    return row;
  }

  drop(row: KeyRow): void {
    this.#rows.delete(row.key);
    this.#recent = undefined;
  }

  all(): Iterable<KeyRow> {
    return Iterator.from(this.#rows.values());
  }
}

/** One table's part of all rows. */
export class KeyColumn<E> implements EntryIndex<E> {
  readonly #rows: KeyRows;
  readonly #index: number;
  #size = 0;

  constructor(rows: KeyRows, index: number) {
    this.#rows = rows;
    this.#index = index;
  }

  get size(): number {
    return this.#size;
  }

  get(key: Key): E | undefined {
    const row = this.#rows.find(key);
    return row === undefined ? undefined : this.at(row);
  }

  set(key: Key, entry: E): void {
    this.setAt(this.#rows.find(key) ?? this.#rows.make(key), entry);
  }

  /** That of the row, which all entries of the key share. */
  ownKey(key: Key): Key {
    return this.#rows.find(key)?.key ?? ownKey(key);
  }

  /** The row of a key, which may be new: whoever asks puts something into it. */
  rowFor(key: Key): KeyRow {
    return this.#rows.find(key) ?? this.#rows.make(ownKey(key));
  }

  delete(key: Key): boolean {
    const row = this.#rows.find(key);
    if (row === undefined || this.at(row) === undefined) {
      return false;
    }
    this.deleteAt(row);
    return true;
  }

  /** What this column has in a row. */
  at(row: KeyRow): E | undefined {
    return fieldOf(row, this.#index) as E | undefined; // no other column writes this field
  }

  setAt(row: KeyRow, entry: E): void {
    if (this.at(row) === undefined) {
      row.held++;
      this.#size++;
    }
    setField(row, this.#index, entry);
  }

  /** Empties a field that holds something, and drops a row that holds nothing else. */
  deleteAt(row: KeyRow): void {
    setField(row, this.#index, undefined);
    this.#size--;
    row.held--;
    if (row.held === 0) {
      this.#rows.drop(row);
    }
  }

  /** Says which row is looked for next, by whatever column. */
  expect(row: KeyRow): void {
    this.#rows.expect(row);
  }

  *values(): Generator<E> {
    for (const row of this.#rows.all()) {
      const entry = this.at(row);
      if (entry !== undefined) {
        yield entry;
      }
    }
  }
}

function fieldOf(row: KeyRow, index: number): unknown {
  switch (index) {
    case 0:
      return row.first;
    case 1:
      return row.second;
    case 2:
      return row.third;
    default:
      return row.others?.[index - OWN_FIELDS];
  }
}

function setField(row: KeyRow, index: number, value: unknown): void {
  switch (index) {
    case 0:
      row.first = value;
      break;
    case 1:
      row.second = value;
      break;
    case 2:
      row.third = value;
      break;
    default:
      row.others ??= [];
      row.others[index - OWN_FIELDS] = value;
  }
}
