import type { StateEntry } from '../../state/state-table.ts';
import type { WheelItem } from '../../state/time-wheel.ts';
import type { MatchesOfKey } from './nfa-run.ts';
import type { MatchEvent } from './partial-match.ts';

/** All that a pattern has under way for one key; the time in the wheel is no part of snapshots. */
export interface MatchEntry extends StateEntry, MatchesOfKey, WheelItem<MatchEntry> {
  /** Events that a comparator puts in order, as long as their time has not come; others wait in `WaitingEvents`. */
  waiting: MatchEvent[];
  /** Times at which matches that have begun run out of time, rising. */
  deadlines: number[];
  /** How many events were looked at. */
  events: number;
  /** It is among those that are looked at again when all events of a watermark have had their turn. */
  changed: boolean;
}

/** Events of entries that have none: shared, and never added to. */
export const NO_EVENTS: MatchEvent[] = [];

/** Adds an event behind those of its time, or where the comparator wants it among them. */
export function addWaiting(
  entry: MatchEntry,
  event: MatchEvent,
  comparator: ((left: unknown, right: unknown) => number) | undefined,
): void {
  if (entry.waiting.length === 0) {
    entry.waiting = [event];
    return;
  }
  const { waiting } = entry;
  let index = waiting.length;
  for (; index > 0; index--) {
    const before = waiting[index - 1];
    if (before === undefined || before.time < event.time) {
      break;
    }
    const equal = before.time === event.time;
    if (equal && (comparator === undefined || comparator(before.value, event.value) <= 0)) {
      break;
    }
  }
  if (index === waiting.length) {
    waiting.push(event);
  } else {
    waiting.splice(index, 0, event);
  }
}

/** Removes events from the front. */
export function removeFirst(entry: MatchEntry, count: number): void {
  entry.waiting = count === entry.waiting.length ? NO_EVENTS : entry.waiting.slice(count);
}

/** Deadlines of entries that have none: shared, and never added to. */
export const NO_DEADLINES: number[] = [];

/** Adds a time once. */
export function addDeadline(entry: MatchEntry, time: number): void {
  if (entry.deadlines.length === 0) {
    entry.deadlines = [time];
    return;
  }
  const index = entry.deadlines.findLastIndex((deadline) => deadline <= time);
  if (entry.deadlines[index] !== time) {
    entry.deadlines.splice(index + 1, 0, time);
  }
}

/** Removes what has been looked at by `now`. */
export function passDeadlines(entry: MatchEntry, now: number): void {
  const { deadlines } = entry;
  const [first] = deadlines;
  if (first !== undefined && first <= now) {
    const passed = deadlines.findIndex((deadline) => deadline > now);
    entry.deadlines = passed < 0 ? NO_DEADLINES : deadlines.slice(passed);
  }
}

/**
 * When the entry has to be looked at; undefined where only a further event can change it. Events wait `delayMs` behind
 * their time.
 */
export function nextDue({ waiting, deadlines }: MatchEntry, delayMs: number): number | undefined {
  const [next, deadline] = [waiting[0], deadlines[0]];
  const event = next && next.time + delayMs;
  return event !== undefined && deadline !== undefined ? Math.min(event, deadline) : (event ?? deadline);
}
