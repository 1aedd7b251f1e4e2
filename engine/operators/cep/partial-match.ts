import type { NfaState } from './nfa-state.ts';

/** An event on its way through the patterns of a key. */
export interface MatchEvent {
  value: unknown;
  /** Set anew only while no match has taken the event. */
  time: number;
  /** Its place among the events of the key that were looked at; set when its turn comes. */
  order: number;
  /** True once a match has taken it: its value is then a copy of its own, which holds no buffer of the input. */
  kept: boolean;
}

/**
 * An event that a match took for a step, and what it took before.
 *
 * Matches that began alike share these links, and one that is given up leaves nothing to be released: what no match
 * leads to is garbage. Flink keeps the same graph in its `SharedBuffer`, with edges versioned by Dewey numbers and
 * counted references, since its state backends know no pointers.
 */
export interface Taken {
  readonly step: string;
  readonly event: MatchEvent;
  readonly before: Taken | undefined;
}

/** A match on its way: where it waits, what it took last, and the event that it began with. */
export interface PartialMatch {
  readonly state: NfaState;
  readonly last: Taken | undefined;
  readonly start: MatchEvent | undefined;
}

/** The earlier event first: by time, then by its turn. */
export function compareEvents(left: MatchEvent, right: MatchEvent): number {
  return left.time - right.time || left.order - right.order;
}

/** The match with the earlier start first; what has not begun comes last. */
export function compareStarts({ start: left }: PartialMatch, { start: right }: PartialMatch): number {
  if (left === right) {
    return 0;
  }
  if (left === undefined || right === undefined) {
    return left === undefined ? 1 : -1;
  }
  return compareEvents(left, right);
}

/** The events of a match from the first to the last, with their steps. */
export function takenEvents(last: Taken | undefined): readonly Taken[] {
  const events: Taken[] = [];
  for (let taken = last; taken !== undefined; taken = taken.before) {
    events.push(taken);
  }
  return events.reverse();
}
