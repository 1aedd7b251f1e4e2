import { anyCodec } from '../data/any-codec.ts';
import type { FrameReader } from '../data/frame-reader.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Key } from '../data/key-groups.ts';
import { unpinned } from '../data/unpinned.ts';
import type { EntryFields } from './entry-view.ts';
import { type KeyColumn, type KeyRow, KeyRows } from './key-rows.ts';
import type { StateLayout } from './state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from './state-table.ts';
import { TimeWheel, type WheelItem } from './time-wheel.ts';

/** A timer that has come: the operator is called with `name`, in the scope of `key`. */
export interface Timer extends StateEntry {
  readonly name: string;
  readonly time: number;
}

/** A timer in its places: in the wheel, and among the timers of its key. Whoever changes its time touches it. */
interface QueuedTimer extends StateEntry, WheelItem<QueuedTimer> {
  readonly name: string;
  readonly row: KeyRow;
  /** Its neighbors among the timers of the key, the latest of which is the first. */
  earlier: QueuedTimer | undefined;
  later: QueuedTimer | undefined;
}

/**
 * The timers of one operator in one time domain.
 *
 * Contract: a timer is a (key, name, time); setting it twice is setting it once. `advance` fires in the order of
 * time, also timers that are set meanwhile. Source: Flink's `InternalTimerServiceImpl`, with a wheel in place of its
 * heap. Setting one takes as long as the key has timers that are later: most are the latest of their keys.
 */
export class TimerQueue extends StateTable<QueuedTimer> {
  readonly name: string;
  readonly layout: StateLayout = { kind: 'timers' };
  /** The latest timer of every key; the others of the key are behind it. */
  readonly #byKey: KeyColumn<QueuedTimer>;
  readonly #wheel = new TimeWheel<QueuedTimer>();
  #size = 0;

  constructor(name: string, rows = new KeyRows()) {
    super();
    this.name = name;
    this.#byKey = rows.column();
  }

  get entryCount(): number {
    return this.#size;
  }

  /** Sets one more timer; the same one twice is one. */
  set(key: Key, name: string, time: number): void {
    let later: QueuedTimer | undefined;
    let earlier = this.#byKey.get(key);
    while (earlier !== undefined && earlier.time >= time) {
      if (earlier.time === time && earlier.name === name) {
        return;
      }
      later = earlier;
      earlier = earlier.earlier;
    }
    this.#insert({ key, name, time }, later, earlier);
  }

  /** Sets the only timer of this key and name: one that waits is taken back. */
  replace(key: Key, name: string, time: number): void {
    let waits = false;
    for (let timer = this.#byKey.get(key); timer !== undefined; timer = timer.earlier) {
      if (timer.name !== name) {
        continue;
      }
      if (timer.time === time) {
        waits = true;
      } else {
        this.#remove(timer);
      }
    }
    if (!waits) {
      this.set(key, name, time);
    }
  }

  /** Takes back one timer, or without `time` every timer of this key and name. */
  cancel(key: Key, name: string, time?: number): void {
    for (let timer = this.#byKey.get(key); timer !== undefined; timer = timer.earlier) {
      if (timer.name === name && (time === undefined || timer.time === time)) {
        this.#remove(timer);
      }
    }
  }

  /** Fires all timers up to `now`. */
  advance(now: number, fire: (timer: Timer) => void): void {
    // Asked anew for every timer, since a callback may set one that comes before all that wait.
    for (let timer = this.#wheel.poll(now); timer !== undefined; timer = this.#wheel.poll(now)) {
      this.#byKey.expect(timer.row);
      this.#forget(timer);
      fire(timer);
    }
  }

  /** A timer that is removed keeps its way to those behind it, so that going through them may be interrupted. */
  protected *allEntries(): Generator<QueuedTimer> {
    for (const latest of this.#byKey.values()) {
      for (let timer: QueuedTimer | undefined = latest; timer !== undefined; timer = timer.earlier) {
        yield timer;
      }
    }
  }

  protected override *entriesOf(key: Key): Generator<QueuedTimer> {
    for (let timer = this.#byKey.get(key); timer !== undefined; timer = timer.earlier) {
      yield timer;
    }
  }

  protected override view({ name, time }: QueuedTimer): EntryFields {
    return { name, time };
  }

  override writeId(out: FrameWriter, timer: QueuedTimer): void {
    anyCodec.write(out, timer.name);
    out.f64(timer.time);
  }

  write(): void {
    // A timer is nothing but its key and id.
  }

  reader(): EntryReader {
    const read = (from: FrameReader) => ({
      name: anyCodec.read(from) as string, // names only are written here
      time: from.f64(),
    });
    return {
      put: (from, key, keep) => {
        const { name, time } = read(from);
        if (keep) {
          this.set(key, unpinned(name), time);
        }
      },
      remove: (from, key, keep) => {
        const { name, time } = read(from);
        if (keep) {
          this.cancel(key, name, time);
        }
      },
    };
  }

  /** Between two timers of its key. */
  #insert(
    { key, name, time }: Omit<Timer, 'version'>,
    later: QueuedTimer | undefined,
    earlier: QueuedTimer | undefined,
  ): void {
    const row = later?.row ?? earlier?.row ?? this.#byKey.rowFor(key);
    const timer: QueuedTimer = {
      version: this.version + 1,
      key: row.key,
      name,
      time,
      row,
      earlier,
      later,
      list: undefined,
      before: undefined,
      after: undefined,
    };
    if (earlier !== undefined) {
      earlier.later = timer;
    }
    if (later === undefined) {
      this.#byKey.setAt(row, timer);
    } else {
      later.earlier = timer;
    }
    this.#wheel.add(timer);
    this.#size++;
    this.born(timer);
  }

  #remove(timer: QueuedTimer): void {
    this.#wheel.remove(timer);
    this.#forget(timer);
  }

  /** Removes a timer that has left the wheel. */
  #forget(timer: QueuedTimer): void {
    this.removed(timer);
    const { row, earlier, later } = timer;
    if (earlier !== undefined) {
      earlier.later = later;
    }
    if (later !== undefined) {
      later.earlier = earlier;
    } else if (earlier !== undefined) {
      this.#byKey.setAt(row, earlier);
    } else {
      this.#byKey.deleteAt(row);
    }
    this.#size--;
  }
}
