import { codecFor } from '../../data/codec.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import type { Key } from '../../data/key-groups.ts';
import type { Schema } from '../../data/schema.ts';
import { unpinned } from '../../data/unpinned.ts';
import type { ValueCodec } from '../../data/value-codec.ts';
import type { EntryView } from '../../state/entry-view.ts';
import { migratingReader } from '../../state/migration.ts';
import { layoutType, type StateLayout } from '../../state/state-layout.ts';
import type { ChangeList } from '../../state/dirty-list.ts';
import {
  type EntryReader,
  type RestoredChain,
  type StateEntry,
  StateTable,
} from '../../state/state-table.ts';
import { TimeHeap } from '../windows/time-heap.ts';

/** State name of events that wait for the watermark in snapshots. */
const WAITING = 'waiting';

/** An event that waits, as a snapshot sees it. */
interface WaitingEvent extends StateEntry {
  readonly value: unknown;
  readonly time: number;
  /** Its place among the events of its time. */
  readonly place: number;
}

/** The events of one time, as they came. */
interface Moment {
  readonly time: number;
  readonly keys: Key[];
  readonly values: unknown[];
  /** The snapshot that `owed` and `written` are about. */
  version: number;
  /** The snapshot owes the events from `written` to before `owed`, which were there when it began. */
  owed: number;
  written: number;
}

/** Moments to which events were added since the last snapshot. */
class MomentChanges implements ChangeList<WaitingEvent> {
  length = 0;
  readonly #owed: (moment: Moment) => Iterable<WaitingEvent>;
  #moments: Moment[] = [];

  constructor(owed: (moment: Moment) => Iterable<WaitingEvent>) {
    this.#owed = owed;
  }

  /** A moment gets its first event since the last snapshot. */
  addMoment(moment: Moment): void {
    this.#moments.push(moment);
  }

  add(): void {
    // Events are counted as they come.
  }

  compact(): void {
    // Moments that are gone owe nothing; they are few.
  }

  take(): Iterator<WaitingEvent> {
    const moments = this.#moments;
    this.clear();
    return eventsOf(moments, this.#owed);
  }

  clear(): void {
    this.#moments = [];
    this.length = 0;
  }
}

function* eventsOf(
  moments: Iterable<Moment>,
  owed: (moment: Moment) => Iterable<WaitingEvent>,
): Generator<WaitingEvent> {
  for (const moment of moments) {
    yield* owed(moment);
  }
}

/**
 * The events of all keys whose time has not come, in the order in which they will be looked at: by time, and those of
 * one time as they came.
 *
 * Most events fit no match of their key, and most keys have no match: so an event waits without an object of its own,
 * and whoever takes it may keep nothing of it. Values are as they came. Events of one time come and go together, and
 * never change: so a snapshot that continues another has the new ones, and one word for all of a time that has come.
 */
export class WaitingEvents extends StateTable<WaitingEvent> {
  readonly name = WAITING;
  readonly layout: StateLayout;
  readonly #moments = new Map<number, Moment>();
  readonly #times = new TimeHeap();
  readonly #codec: ValueCodec;
  /** Mostly the next event has the same time. */
  #recent: Moment | undefined;
  readonly #changes: MomentChanges;
  /** Whether the snapshot begun last continues the one before. */
  #continued = false;
  #size = 0;

  constructor(events: Schema | undefined) {
    const changes = new MomentChanges((moment) => this.#owed(moment));
    super(changes);
    this.#changes = changes;
    this.#codec = codecFor(events);
    this.layout = { kind: 'waiting', value: layoutType(events), numbered: true };
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
    if (this.tracks) {
      if (moment.keys.length === moment.owed) {
        this.#changes.addMoment(moment);
      }
      this.#changes.length++;
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

  override beginSnapshot(last = false): boolean {
    this.#continued = this.goesOn(last);
    return super.beginSnapshot(last);
  }

  override restored(chain: RestoredChain): void {
    super.restored(chain);
    this.#continued = true;
    for (const moment of this.#moments.values()) {
      moment.version = this.version;
      moment.owed = moment.keys.length;
      moment.written = moment.owed;
    }
  }

  protected allEntries(): Iterator<WaitingEvent> {
    return eventsOf(this.#moments.values(), (moment) => this.#owed(moment));
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

  override writeId(out: FrameWriter, { time, place }: WaitingEvent): void {
    out.f64(time);
    out.u32(place);
  }

  write(out: FrameWriter, { value }: WaitingEvent): void {
    this.#codec.write(out, value);
  }

  reader(written: StateLayout): EntryReader {
    const readValue = migratingReader(written.value ?? null, this.layout.value ?? null);
    return {
      put: (from, key, keep) => {
        const time = from.f64();
        if (written.numbered === true) {
          // Events are read in the order of their places.
          from.u32();
        }
        const value = readValue(from);
        if (keep) {
          this.add(unpinned(key), unpinned(value), time);
        }
      },
      drop: (from, isWriters) => this.#forget(from.f64(), isWriters),
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
      this.emit(event);
    }
    if (moment.owed > 0) {
      this.dropped((out) => out.f64(time));
    }
    // Later snapshots may still come across it.
    this.#changes.length -= Math.min(this.#changes.length, moment.keys.length - moment.owed);
    moment.owed = moment.keys.length;
    moment.written = moment.owed;
    this.#times.removeFirst();
    this.#moments.delete(time);
    this.#recent = undefined;
    this.#size -= moment.keys.length;
    return moment;
  }

  /** Takes out what a restore has read of a time. */
  #forget(time: number, isWriters: (key: Key) => boolean): void {
    const moment = this.#moments.get(time);
    const left = (moment?.keys ?? []).map((key, index) => [key, moment?.values[index]] as const);
    if (moment !== undefined) {
      this.#size -= moment.keys.length;
      moment.keys.length = 0;
      moment.values.length = 0;
      for (const [key, value] of left.filter(([each]) => !isWriters(each))) {
        this.add(key, value, time);
      }
    }
  }

  /** Events that the snapshot on its way has yet to write; going on with them may be interrupted. */
  *#owed(moment: Moment): Generator<WaitingEvent> {
    if (moment.version !== this.version) {
      this.#seal(moment);
    }
    while (moment.written < moment.owed) {
      const place = moment.written++;
      const key = moment.keys[place] ?? ''; // never: keys are not undefined
      yield { version: this.version - 2, key, value: moment.values[place], time: moment.time, place };
    }
  }

  /** Notes what of a moment the snapshot begun last owes: all of it, or what came since the one before. */
  #seal(moment: Moment): void {
    moment.version = this.version;
    moment.written = this.#continued ? moment.owed : 0;
    moment.owed = moment.keys.length;
  }
}
