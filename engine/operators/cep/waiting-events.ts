import { codecFor } from '../../data/codec.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import type { Key } from '../../data/key-groups.ts';
import type { Schema } from '../../data/schema.ts';
import { unpinned } from '../../data/unpinned.ts';
import type { ValueCodec } from '../../data/value-codec.ts';
import type { EntryView } from '../../state/entry-view.ts';
import { migratingReader } from '../../state/migration.ts';
import { layoutType, type StateLayout } from '../../state/state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from '../../state/state-table.ts';
import { TimeHeap } from '../windows/time-heap.ts';

/** State name of events that wait for the watermark in snapshots. */
export const WAITING = 'waiting';

/** An event that waits, as a snapshot sees it. */
interface WaitingEvent extends StateEntry {
  readonly value: unknown;
  readonly time: number;
}

/** The events of one time, as they came. */
interface Moment {
  readonly time: number;
  readonly keys: Key[];
  readonly values: unknown[];
  /** The snapshot that `owed` and `written` are about. */
  version: number;
  /** The events before this one were there when the snapshot began, those before `written` have been written. */
  owed: number;
  written: number;
}

/**
 * The events of all keys whose time has not come, in the order in which they will be looked at: by time, and those of
 * one time as they came.
 *
 * Most events fit no match of their key, and most keys have no match: so an event waits without an object of its own,
 * and whoever takes it may keep nothing of it. Values are as they came.
 */
export class WaitingEvents extends StateTable<WaitingEvent> {
  readonly name = WAITING;
  readonly layout: StateLayout;
  readonly #moments = new Map<number, Moment>();
  readonly #times = new TimeHeap();
  readonly #codec: ValueCodec;
  /** Mostly the next event has the same time. */
  #recent: Moment | undefined;
  #size = 0;

  constructor(events: Schema | undefined) {
    super();
    this.#codec = codecFor(events);
    this.layout = { kind: 'waiting', value: layoutType(events) };
  }

  get entryCount(): number {
    return this.#size;
  }

  add(key: Key, value: unknown, time: number): void {
    const recent = this.#recent;
    const moment = recent !== undefined && recent.time === time ? recent : this.#moment(time);
    if (moment.version !== this.version) {
      this.#seal(moment);
    }
    moment.keys.push(key);
    moment.values.push(value);
    this.#size++;
  }

  /** Takes out the events whose time is not after `now`. */
  take(now: number, look: (key: Key, value: unknown, time: number) => void): void {
    for (let time = this.#times.first; time !== undefined && time <= now; time = this.#times.first) {
      const { keys, values } = this.#remove(time);
      for (const [index, key] of keys.entries()) {
        look(key, values[index], time);
      }
    }
  }

  protected *allEntries(): Generator<WaitingEvent> {
    for (const moment of this.#moments.values()) {
      yield* this.#owed(moment);
    }
  }

  /** Not by way of what snapshots go through, since that is seen once. */
  override *look(wanted?: Key): Generator<EntryView> {
    for (const { time, keys, values } of this.#moments.values()) {
      for (const [index, key] of keys.entries()) {
        if (wanted === undefined || key === wanted) {
          yield { key, time, value: values[index] };
        }
      }
    }
  }

  write(out: FrameWriter, { time, value }: WaitingEvent): void {
    out.f64(time);
    this.#codec.write(out, value);
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null);
    return (from, key, keep) => {
      const time = from.f64();
      const value = readValue(from);
      if (keep) {
        this.add(unpinned(key), unpinned(value), time);
      }
    };
  }

  #moment(time: number): Moment {
    let moment = this.#moments.get(time);
    if (moment === undefined) {
      moment = { time, keys: [], values: [], version: this.version, owed: 0, written: 0 };
      this.#moments.set(time, moment);
      this.#times.add(time);
    }
    this.#recent = moment;
    return moment;
  }

  /** Removes the earliest moment. */
  #remove(time: number): Pick<Moment, 'keys' | 'values'> {
    const moment = this.#moment(time);
    for (const event of this.#owed(moment)) {
      this.touch(event);
    }
    this.#times.removeFirst();
    this.#moments.delete(time);
    this.#recent = undefined;
    this.#size -= moment.keys.length;
    return moment;
  }

  /** Events that a snapshot has not seen yet; going on with them may be interrupted. */
  *#owed(moment: Moment): Generator<WaitingEvent> {
    if (moment.version !== this.version) {
      this.#seal(moment);
    }
    while (moment.written < moment.owed) {
      const index = moment.written++;
      const key = moment.keys[index] ?? ''; // never: keys are not undefined
      yield { version: this.version - 1, key, value: moment.values[index], time: moment.time };
    }
  }

  /** Notes that all events of a moment were there when the snapshot at hand began. */
  #seal(moment: Moment): void {
    moment.version = this.version;
    moment.owed = moment.keys.length;
    moment.written = 0;
  }
}
