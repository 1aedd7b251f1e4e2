import { codecFor } from '../data/codec.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Key } from '../data/key-groups.ts';
import { unpinnedRecord } from '../data/unpinned.ts';
import type { DataType } from '../data/schema.ts';
import type { ValueCodec } from '../data/value-codec.ts';
import type { StateDeclaration } from './declaration.ts';
import type { EntryFields } from './entry-view.ts';
import { migratingReader } from './migration.ts';
import { ownKey } from './own-key.ts';
import { layoutType, type StateLayout } from './state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from './state-table.ts';

/** The records of one key, by rising time: `values[i]` has `times[i]`. */
export interface KeyedRecords extends StateEntry {
  readonly times: number[];
  readonly values: unknown[];
  /** Up to this horizon there is nothing but what was added after it. */
  trimmedTo: number;
  /** Where the first of its due slots begins, ms. */
  dueFrom: number;
}

/** Records stay in memory for an eighth longer than anybody sees them, or a second. */
const SLOTS_PER_RETENTION = 8;
const SLOT_MS_MIN = 1000;
/** A key with more records is also looked at as they come, so that dead ones are never much more than the live. */
const UNTRIMMED_MAX = 64;
/** Values of these types are nothing but themselves; others are copied, since they may keep a whole batch alive. */
const SCALARS: ReadonlySet<string> = new Set([
  'boolean',
  'int',
  'bigint',
  'double',
  'instant',
  'date',
  'interval',
]);

/**
 * One side of an interval join: records that may yet find a partner, by key and time.
 *
 * Contract: `advance(horizon)` ends the life of what is at or before the horizon; what is added later lives until the
 * next one, even if it is at or before it. The dead are removed once a slot of time has passed, so that no record
 * costs a timer; readers begin at `start`, and snapshots leave them out.
 */
export class JoinBuffer extends StateTable<KeyedRecords> {
  readonly name: string;
  readonly layout: StateLayout;
  readonly #codec: ValueCodec;
  readonly #copies: boolean;
  readonly #slotMs: number;
  readonly #keys = new Map<Key, KeyedRecords>();
  /** By the number of a slot of time, the keys whose earliest record lies in it. */
  readonly #due = new Map<number, Set<KeyedRecords>>();
  #horizon = Number.NEGATIVE_INFINITY;
  #snapshotHorizon = Number.NEGATIVE_INFINITY;
  /** Of the snapshot before that. */
  #horizonBefore = Number.NEGATIVE_INFINITY;
  #passedSlot = Number.NEGATIVE_INFINITY;
  #size = 0;

  /** `retentionMs` is for how long a record is kept after its time. */
  constructor(declaration: StateDeclaration, retentionMs: number) {
    super();
    this.name = declaration.name;
    this.#codec = codecFor(declaration.schema);
    this.#copies = !isPlain(layoutType(declaration.schema));
    this.#slotMs = Math.max(SLOT_MS_MIN, Math.ceil(retentionMs / SLOTS_PER_RETENTION));
    this.layout = { kind: 'join-buffer', value: layoutType(declaration.schema) };
  }

  /** Records held, the dead ones that wait for their removal among them. */
  get entryCount(): number {
    return this.#size;
  }

  protected override get storedCount(): number {
    return this.#keys.size;
  }

  /** The records of a key, dead ones before `start`; undefined where it has none. */
  of(key: Key): KeyedRecords | undefined {
    return this.#keys.get(key);
  }

  /** Index of the first living record that is not before `time`. */
  start({ times, trimmedTo }: KeyedRecords, time: number): number {
    const horizon = this.#horizon;
    return trimmedTo < horizon && time <= horizon ? firstAfter(times, horizon) : firstAtOrAfter(times, time);
  }

  /** Adds a record behind those of its time. */
  add(key: Key, time: number, value: unknown): void {
    const records = this.#keys.get(key) ?? this.#create(key);
    const { times, values } = records;
    this.touch(records);
    if (records.trimmedTo < this.#horizon && (time <= this.#horizon || times.length > UNTRIMMED_MAX)) {
      this.#trim(records);
    }
    const own = this.#copies ? unpinnedRecord(value) : value;
    const last = times.length - 1;
    if (last < 0 || time >= (times[last] ?? 0)) {
      times.push(time);
      values.push(own);
    } else {
      const index = firstAfter(times, time);
      times.splice(index, 0, time);
      values.splice(index, 0, own);
    }
    this.#size++;
    if (time < records.dueFrom) {
      this.#schedule(records, time);
    }
  }

  /** Ends the life of what is at or before `horizon`. */
  advance(horizon: number): void {
    this.#horizon = horizon;
    const slot = Math.floor(horizon / this.#slotMs);
    if (slot <= this.#passedSlot) {
      return;
    }
    this.#passedSlot = slot;
    for (const [number, due] of [...this.#due].filter(([each]) => each < slot)) {
      this.#due.delete(number);
      for (const records of due) {
        // Later slots of a key that got an earlier one are left over.
        if (records.dueFrom === number * this.#slotMs) {
          this.#sweep(records);
        }
      }
    }
  }

  override beginSnapshot(brief = false): boolean {
    this.#horizonBefore = this.#snapshotHorizon;
    this.#snapshotHorizon = this.#horizon;
    return super.beginSnapshot(brief);
  }

  /** Keys that did not change may have lost records to time. */
  protected override noteOf(): ((out: FrameWriter) => void) | undefined {
    const horizon = this.#snapshotHorizon;
    return horizon === this.#horizonBefore ? undefined : (out) => out.f64(horizon);
  }

  write(out: FrameWriter, { times, values, trimmedTo }: KeyedRecords): void {
    const horizon = this.#snapshotHorizon;
    const from = trimmedTo < horizon ? firstAfter(times, horizon) : 0;
    out.u32(times.length - from);
    for (let index = from; index < times.length; index++) {
      out.f64(times[index] ?? 0);
      this.#codec.write(out, values[index]);
    }
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null);
    return {
      put: (from, key, keep) => {
        this.#forget(keep ? key : undefined);
        for (let left = from.u32(); left > 0; left--) {
          const time = from.f64();
          const value = readValue(from);
          if (keep) {
            this.add(key, time, value);
          }
        }
      },
      remove: (_from, key, keep) => this.#forget(keep ? key : undefined),
      note: (from, isWriters) => this.#cutTo(from.f64(), isWriters),
    };
  }

  protected override *entriesOf(key: Key): Generator<KeyedRecords> {
    const records = this.#keys.get(key);
    if (records !== undefined) {
      yield records;
    }
  }

  protected override view(records: KeyedRecords): EntryFields | undefined {
    const from = this.start(records, Number.NEGATIVE_INFINITY);
    const times = records.times.slice(from);
    return times.length === 0 ? undefined : { times, values: records.values.slice(from) };
  }

  protected allEntries(): Iterator<KeyedRecords> {
    return this.#keys.values();
  }

  #create(key: Key): KeyedRecords {
    const records: KeyedRecords = {
      version: this.version + 1,
      key: ownKey(key),
      times: [],
      values: [],
      trimmedTo: this.#horizon,
      dueFrom: Number.POSITIVE_INFINITY,
    };
    this.#keys.set(records.key, records);
    this.born(records);
    return records;
  }

  #trim(records: KeyedRecords): void {
    const count = firstAfter(records.times, this.#horizon);
    if (count > 0) {
      this.touch(records);
      this.#cut(records, count);
    }
    records.trimmedTo = this.#horizon;
  }

  #cut({ times, values }: KeyedRecords, count: number): void {
    times.splice(0, count);
    values.splice(0, count);
    this.#size -= count;
  }

  /** Takes the records of a key out that a restore has read. */
  #forget(key: Key | undefined): void {
    const records = key === undefined ? undefined : this.#keys.get(key);
    if (records !== undefined) {
      this.#size -= records.times.length;
      records.dueFrom = Number.POSITIVE_INFINITY;
      this.#keys.delete(records.key);
    }
  }

  /** What a restore has read was written at an earlier horizon than this. */
  #cutTo(horizon: number, isWriters: (key: Key) => boolean): void {
    for (const records of this.#keys.values()) {
      if (isWriters(records.key)) {
        this.#cut(records, firstAfter(records.times, horizon));
      }
    }
  }

  #sweep(records: KeyedRecords): void {
    records.dueFrom = Number.POSITIVE_INFINITY;
    this.#trim(records);
    const [first] = records.times;
    if (first === undefined) {
      this.removed(records);
      this.#keys.delete(records.key);
    } else {
      this.#schedule(records, first);
    }
  }

  #schedule(records: KeyedRecords, time: number): void {
    const slot = Math.floor(time / this.#slotMs);
    records.dueFrom = slot * this.#slotMs;
    const due = this.#due.get(slot);
    if (due === undefined) {
      this.#due.set(slot, new Set([records]));
    } else {
      due.add(records);
    }
  }
}

/** True for values in which no text and nothing nested is. */
function isPlain(type: DataType | null): boolean {
  if (type?.kind === 'nullable') return isPlain(type.of);
  if (type?.kind === 'row') return type.fields.every((field) => isPlain(field.type));
  return type !== null && SCALARS.has(type.kind);
}

/** Index of the first of rising times that is not before `time`. */
function firstAtOrAfter(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Index of the first of rising times that is after `time`. */
function firstAfter(times: readonly number[], time: number): number {
  let index = firstAtOrAfter(times, time);
  while (times[index] === time) {
    index++;
  }
  return index;
}
