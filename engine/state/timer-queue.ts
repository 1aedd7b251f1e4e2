import { anyCodec } from '../data/any-codec.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Key } from '../data/key-groups.ts';
import { unpinned } from '../data/unpinned.ts';
import type { StateLayout } from './state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from './state-table.ts';
import { linkTimer, type QueuedTimer, sortSlot, type TimerSlot, unlinkTimer } from './timer-slot.ts';

/** A timer that has come: the operator is called with `name`, in the scope of `key`. */
export interface Timer extends StateEntry {
  readonly name: string;
  readonly time: number;
}

/** Width of a slot. Timers of one second share a list, so that adding and cancelling never sorts. */
const SLOT_MS = 1000;

/**
 * The timers of one operator in one time domain.
 *
 * Contract: a timer is a (key, name, time); setting it twice is setting it once. `advance` fires in the order of
 * time, also timers that are set meanwhile. Source: Flink's `InternalTimerServiceImpl`; a wheel of one-second slots
 * is five times faster than its heap.
 */
export class TimerQueue extends StateTable<QueuedTimer> {
  readonly name: string;
  readonly layout: StateLayout = { kind: 'timers' };
  /** The first timer of every key; the others of the key are behind it. */
  readonly #byKey = new Map<Key, QueuedTimer>();
  readonly #slots = new Map<number, TimerSlot>();
  /** The slots that hold timers, the earliest last. */
  readonly #order: TimerSlot[] = [];
  #size = 0;

  constructor(name: string) {
    super();
    this.name = name;
  }

  get entryCount(): number {
    return this.#size;
  }

  /** Sets one more timer; the same one twice is one. */
  set(key: Key, name: string, time: number): void {
    let last: QueuedTimer | undefined;
    for (let timer = this.#byKey.get(key); timer !== undefined; timer = timer.next) {
      if (timer.time === time && timer.name === name) {
        return;
      }
      last = timer;
    }
    this.#insert({ key, name, time }, last);
  }

  /** Sets the only timer of this key and name: one that waits is moved. */
  replace(key: Key, name: string, time: number): void {
    let last: QueuedTimer | undefined;
    let found: QueuedTimer | undefined;
    for (let timer = this.#byKey.get(key); timer !== undefined; timer = timer.next) {
      if (timer.name === name && found !== undefined) {
        this.#remove(timer);
        continue;
      }
      found = timer.name === name ? timer : found;
      last = timer;
    }
    if (found === undefined) {
      this.#insert({ key, name, time }, last);
    } else if (found.time !== time) {
      this.touch(found);
      this.#leaveSlot(found);
      found.time = time;
      linkTimer(this.#slotOf(time), found);
    }
  }

  /** Takes back one timer, or without `time` every timer of this key and name. */
  cancel(key: Key, name: string, time?: number): void {
    for (let timer = this.#byKey.get(key); timer !== undefined; timer = timer.next) {
      if (timer.name === name && (time === undefined || timer.time === time)) {
        this.#remove(timer);
      }
    }
  }

  /** Fires all timers up to `now`. */
  advance(now: number, fire: (timer: Timer) => void): void {
    // Looked up anew for every timer, since a callback may set one that comes before all that wait.
    for (let slot = this.#order.at(-1); slot !== undefined; slot = this.#order.at(-1)) {
      if (slot.number * SLOT_MS > now) {
        return;
      }
      const { first } = sortSlot(slot);
      if (first === undefined || first.time > now) {
        return;
      }
      this.#remove(first);
      fire(first);
    }
  }

  /** A timer that is removed keeps its way to those behind it, so that going through them may be interrupted. */
  protected *allEntries(): Generator<QueuedTimer> {
    for (const first of this.#byKey.values()) {
      for (let timer: QueuedTimer | undefined = first; timer !== undefined; timer = timer.next) {
        yield timer;
      }
    }
  }

  write(out: FrameWriter, timer: QueuedTimer): void {
    anyCodec.write(out, timer.name);
    out.f64(timer.time);
  }

  reader(): EntryReader {
    return (from, key, keep) => {
      const name = anyCodec.read(from) as string; // names only are written here
      const time = from.f64();
      if (keep) {
        this.set(key, unpinned(name), time);
      }
    };
  }

  /** `last` is the last timer of its key. */
  #insert({ key, name, time }: Omit<Timer, 'version'>, last: QueuedTimer | undefined): void {
    const timer: QueuedTimer = {
      version: this.version,
      key: last === undefined ? unpinned(key) : last.key,
      name,
      time,
      next: undefined,
      slot: undefined,
      before: undefined,
      after: undefined,
    };
    if (last === undefined) {
      this.#byKey.set(timer.key, timer);
    } else {
      last.next = timer;
    }
    linkTimer(this.#slotOf(time), timer);
    this.#size++;
  }

  #remove(timer: QueuedTimer): void {
    this.touch(timer);
    this.#leaveSlot(timer);
    this.#leaveKey(timer);
    this.#size--;
  }

  #leaveKey(timer: QueuedTimer): void {
    let before = this.#byKey.get(timer.key);
    if (before !== timer) {
      while (before !== undefined && before.next !== timer) {
        before = before.next;
      }
      if (before !== undefined) {
        before.next = timer.next;
      }
    } else if (timer.next === undefined) {
      this.#byKey.delete(timer.key);
    } else {
      this.#byKey.set(timer.key, timer.next);
    }
  }

  #leaveSlot(timer: QueuedTimer): void {
    const { slot } = timer;
    unlinkTimer(timer);
    if (slot !== undefined && slot.first === undefined) {
      this.#slots.delete(slot.number);
      this.#order.splice(this.#position(slot.number), 1);
    }
  }

  #slotOf(time: number): TimerSlot {
    const number = Math.floor(time / SLOT_MS);
    let slot = this.#slots.get(number);
    if (slot === undefined) {
      slot = { number, sorted: false, first: undefined, last: undefined };
      this.#slots.set(number, slot);
      this.#order.splice(this.#position(number), 0, slot);
    }
    return slot;
  }

  /** Where a slot's number stands, or would stand, in the falling order. */
  #position(number: number): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle]?.number ?? 0) > number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
