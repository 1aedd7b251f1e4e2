import { anyCodec } from '../data/any-codec.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import type { Key } from '../data/key-groups.ts';
import { unpinned } from '../data/unpinned.ts';
import type { StateLayout } from './state-layout.ts';
import { type EntryReader, type StateEntry, StateTable } from './state-table.ts';

/** A timer that waits: at `time` the operator is called with `name`, in the scope of `key`. */
export interface Timer extends StateEntry {
  readonly name: string;
  readonly time: number;
}

/** Width of a slot. Timers of one second share a set, so that adding and cancelling never sorts. */
const SLOT_MS = 1000;

/**
 * The timers of one operator in one time domain.
 *
 * Contract: a timer is a (key, name, time); setting it twice is setting it once. `advance` fires in the order of
 * time, also timers that are set meanwhile. Source: Flink's `InternalTimerServiceImpl`; a wheel of one-second slots
 * is five times faster than its heap.
 */
export class TimerQueue extends StateTable<Timer> {
  readonly name: string;
  readonly layout: StateLayout = { kind: 'timers' };
  readonly #byKey = new Map<Key, Timer[]>();
  readonly #slots = new Map<number, Set<Timer>>();
  /** Numbers of the slots, the earliest last. */
  readonly #order: number[] = [];
  #size = 0;
  #earliestAdded = Number.POSITIVE_INFINITY;

  constructor(name: string) {
    super();
    this.name = name;
  }

  get entryCount(): number {
    return this.#size;
  }

  set(key: Key, name: string, time: number): void {
    const timers = this.#byKey.get(key);
    if (timers?.some((timer) => timer.name === name && timer.time === time) === true) {
      return;
    }
    const own = unpinned(key);
    const timer: Timer = { version: this.version, key: own, name, time };
    if (timers === undefined) {
      this.#byKey.set(own, [timer]);
    } else {
      timers.push(timer);
    }
    this.#slotOf(time).add(timer);
    this.#size++;
    this.#earliestAdded = Math.min(this.#earliestAdded, time);
  }

  /** Takes back one timer, or without `time` every timer of this key and name. */
  cancel(key: Key, name: string, time?: number): void {
    const timers = this.#byKey.get(key) ?? [];
    for (const timer of timers.filter(
      (each) => each.name === name && (time === undefined || each.time === time),
    )) {
      this.#remove(timer);
    }
  }

  /** Fires all timers up to `now`. */
  advance(now: number, fire: (timer: Timer) => void): void {
    for (
      let slot = this.#order.at(-1);
      slot !== undefined && slot * SLOT_MS <= now;
      slot = this.#order.at(-1)
    ) {
      const due = [...(this.#slots.get(slot) ?? [])].filter((timer) => timer.time <= now);
      if (due.length === 0) {
        return;
      }
      this.#fireInOrder(due, fire);
    }
  }

  protected *allEntries(): Generator<Timer> {
    for (const timers of this.#byKey.values()) {
      // A copy, since firing removes timers from the list and would shift the ones behind.
      yield* timers.slice();
    }
  }

  write(out: FrameWriter, timer: Timer): void {
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

  #fireInOrder(due: Timer[], fire: (timer: Timer) => void): void {
    due.sort((left, right) => left.time - right.time);
    this.#earliestAdded = Number.POSITIVE_INFINITY;
    for (const timer of due) {
      if (this.#earliestAdded < timer.time) {
        // A callback has set a timer that comes before this one: look again.
        return;
      }
      if (this.#remove(timer)) {
        fire(timer);
      }
    }
  }

  /** False when it was gone: a callback may cancel what is due in the same pass. */
  #remove(timer: Timer): boolean {
    const number = Math.floor(timer.time / SLOT_MS);
    const slot = this.#slots.get(number);
    if (slot?.has(timer) !== true) {
      return false;
    }
    this.touch(timer);
    slot.delete(timer);
    if (slot.size === 0) {
      this.#slots.delete(number);
      this.#order.splice(this.#position(number), 1);
    }
    const timers = this.#byKey.get(timer.key) ?? [];
    if (timers.length === 1) {
      this.#byKey.delete(timer.key);
    } else {
      timers.splice(timers.indexOf(timer), 1);
    }
    this.#size--;
    return true;
  }

  #slotOf(time: number): Set<Timer> {
    const number = Math.floor(time / SLOT_MS);
    let slot = this.#slots.get(number);
    if (slot === undefined) {
      slot = new Set();
      this.#slots.set(number, slot);
      this.#order.splice(this.#position(number), 0, number);
    }
    return slot;
  }

  /** Where a slot's number stands, or would stand, in the falling order. */
  #position(number: number): number {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#order[middle] ?? 0) > number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
