import type { StateEntry } from './state-table.ts';

/** A timer in its places: in the list of its slot, and among the timers of its key. Whoever changes its time touches it. */
export interface QueuedTimer extends StateEntry {
  readonly name: string;
  time: number;
  /** The next timer of the same key. */
  next: QueuedTimer | undefined;
  slot: TimerSlot | undefined;
  /** Its neighbours in the slot: a list through the timers themselves needs no hashing to leave it. */
  before: QueuedTimer | undefined;
  after: QueuedTimer | undefined;
}

/** The timers of one second: in the order of their setting, and once the second has come in the order of time. */
export interface TimerSlot {
  readonly number: number;
  sorted: boolean;
  first: QueuedTimer | undefined;
  last: QueuedTimer | undefined;
}

/** Puts a timer into a slot: at its end, or where it belongs by time. Timers of the same time stay as they came. */
export function linkTimer(slot: TimerSlot, timer: QueuedTimer): void {
  let before = slot.last;
  while (slot.sorted && before !== undefined && before.time > timer.time) {
    before = before.before;
  }
  const after = before === undefined ? slot.first : before.after;
  timer.slot = slot;
  timer.before = before;
  timer.after = after;
  if (before === undefined) {
    slot.first = timer;
  } else {
    before.after = timer;
  }
  if (after === undefined) {
    slot.last = timer;
  } else {
    after.before = timer;
  }
}

/** Takes a timer out of its slot. */
export function unlinkTimer(timer: QueuedTimer): void {
  const { slot, before, after } = timer;
  if (slot === undefined) {
    return;
  }
  if (before === undefined) {
    slot.first = after;
  } else {
    before.after = after;
  }
  if (after === undefined) {
    slot.last = before;
  } else {
    after.before = before;
  }
  timer.slot = undefined;
  timer.before = undefined;
  timer.after = undefined;
}

/** Sorts a slot, once: what is set later goes where it belongs. */
export function sortSlot(slot: TimerSlot): TimerSlot {
  if (slot.sorted) {
    return slot;
  }
  const timers: QueuedTimer[] = [];
  for (let timer = slot.first; timer !== undefined; timer = timer.after) {
    timers.push(timer);
  }
  timers.sort((left, right) => left.time - right.time);
  slot.sorted = true;
  slot.first = undefined;
  slot.last = undefined;
  for (const timer of timers) {
    linkTimer(slot, timer);
  }
  return slot;
}
