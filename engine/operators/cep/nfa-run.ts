import { MAX_WATERMARK } from '../../data/record-batch.ts';
import { unpinnedRecord } from '../../data/unpinned.ts';
import type { Nfa } from './compile-pattern.ts';
import type { SkipStrategy } from './match-definition.ts';
import { MatchQueue } from './match-queue.ts';
import { compareStarts, type MatchEvent, type PartialMatch, type Taken } from './partial-match.ts';
import type { NfaState, Transition } from './nfa-state.ts';
import { skipAfter } from './skip-strategy.ts';
import type { SoFar } from './so-far.ts';

/** The matches of one key: those on their way, one of which has not begun, and those that wait for an earlier one to end. */
export interface MatchesOfKey {
  partial: MatchQueue;
  completed: MatchQueue;
}

/** What becomes of matches. */
export interface MatchOutput {
  matched(last: Taken | undefined): void;
  /** `time` is when the match ran out of time. */
  timedOut(last: Taken | undefined, time: number): void;
}

/**
 * Leads events and time through a pattern.
 *
 * Contract: it keeps nothing between calls; all that a key has begun is in its `MatchesOfKey`, which a caller may
 * share with nobody. Events of one key come in order. Source: Flink's `NFA`.
 */
export class NfaRun {
  readonly #nfa: Nfa;
  readonly #soFar: SoFar;
  readonly #skip: SkipStrategy;
  readonly #output: MatchOutput;
  /** Some step must follow the one before it in time. */
  readonly comparesNeighbors: boolean;
  /** Where every key begins; a queue that is replaced is never changed, so keys may share it. */
  readonly #beginning: MatchQueue;
  readonly #none = MatchQueue.of([]);
  // Refilled for every event, so that an event that changes nothing allocates nothing.
  readonly #ways: Transition[] = [];
  readonly #toVisit: NfaState[] = [];
  readonly #next: PartialMatch[] = [];
  readonly #ended: PartialMatch[] = [];
  readonly #found: PartialMatch[] = [];

  constructor(nfa: Nfa, soFar: SoFar, skip: SkipStrategy, output: MatchOutput) {
    this.#nfa = nfa;
    this.#soFar = soFar;
    this.#skip = skip;
    this.#output = output;
    this.comparesNeighbors = nfa.states
      .values()
      .some(({ withinPreviousMs }) => withinPreviousMs !== undefined);
    this.#beginning = MatchQueue.of([{ state: nfa.start, last: undefined, start: undefined }]);
  }

  /** The matches of a key at its beginning. */
  begin(): MatchesOfKey {
    return { partial: this.#beginning, completed: this.#none };
  }

  /** True when a key is where it was at its beginning. */
  isIdle({ partial, completed }: MatchesOfKey): boolean {
    return completed.first === undefined && partial.items.length === 1 && partial.first?.start === undefined;
  }

  /** Takes one event; true when a match has begun with it. */
  process(matches: MatchesOfKey, event: MatchEvent): boolean {
    const [next, ended] = [this.#next, this.#ended];
    next.length = 0;
    ended.length = 0;
    let changed = false;
    let begun = false;
    for (const partial of matches.partial.items) {
      const steppedOn = this.#step(partial, event);
      changed ||= steppedOn;
      begun ||= steppedOn && partial.start === undefined;
    }
    if (changed) {
      matches.partial = MatchQueue.of(next);
      this.#complete(matches, ended);
    }
    return begun;
  }

  /** Ends what took too long by `time`. Matches by absence come, others time out. */
  advance(matches: MatchesOfKey, time: number): void {
    if (!this.#mayTimeOut(matches, time)) {
      return;
    }
    const kept: PartialMatch[] = [];
    const absent: PartialMatch[] = [];
    const late: { readonly match: PartialMatch; readonly at: number }[] = [];
    for (const match of matches.partial.items) {
      const at = this.#timeOutOf(match, time);
      if (at === undefined) {
        kept.push(match);
      } else if (match.state.kind === 'pending') {
        absent.push(match);
      } else {
        late.push({ match, at });
      }
    }
    matches.partial = MatchQueue.of(kept);
    this.#complete(matches, absent);
    for (const { match, at } of late) {
      this.#output.timedOut(match.last, at);
    }
  }

  #mayTimeOut({ partial }: MatchesOfKey, time: number): boolean {
    const { withinMs } = this.#nfa;
    const earliest = partial.first?.start;
    if (earliest === undefined) {
      return false;
    }
    return this.comparesNeighbors || (withinMs !== undefined && time - earliest.time >= withinMs);
  }

  /** When a match ran out of time, if it has by `now`. */
  #timeOutOf({ state, last, start }: PartialMatch, now: number): number | undefined {
    if (last === undefined || start === undefined) {
      return undefined;
    }
    const { withinPreviousMs } = state;
    if (withinPreviousMs !== undefined && elapsed(last.event.time, now) >= withinPreviousMs) {
      return last.event.time + withinPreviousMs;
    }
    const { withinMs } = this.#nfa;
    return withinMs !== undefined && elapsed(start.time, now) >= withinMs ? start.time + withinMs : undefined;
  }

  /** Finds where a match goes with an event, and notes it; false when it stays as it is. */
  #step(partial: PartialMatch, event: MatchEvent): boolean {
    this.#soFar.look(partial.last);
    this.#findWays(partial.state, event);
    const before = this.#next.length;
    const endedBefore = this.#ended.length;
    let stopped = false;
    for (const way of this.#ways) {
      if (way.action === 'take') {
        stopped = this.#take(partial, way, event) || stopped;
      } else if (partial.start !== undefined) {
        stopped =
          this.#place(way.target === partial.state ? partial : { ...partial, state: way.target }) || stopped;
      }
    }
    if (partial.start === undefined) {
      // Every event may begin another match.
      this.#next.push(partial);
    }
    if (stopped) {
      // A forbidden event ends the match on every way that it could have gone.
      this.#next.length = before;
    }
    return (
      this.#ended.length !== endedBefore || this.#next.length !== before + 1 || this.#next[before] !== partial
    );
  }

  /** All takes and ignores that the event may go from a state, also behind states that it may leave at once. */
  #findWays(state: NfaState, event: MatchEvent): void {
    this.#ways.length = 0;
    const toVisit = this.#toVisit;
    toVisit.push(state);
    for (let current = toVisit.pop(); current !== undefined; current = toVisit.pop()) {
      for (const transition of current.transitions) {
        if (!transition.test(event.value)) {
          continue;
        }
        if (transition.action === 'proceed') {
          toVisit.push(transition.target);
        } else {
          this.#ways.push(transition);
        }
      }
    }
  }

  #take(partial: PartialMatch, { source, target }: Transition, event: MatchEvent): boolean {
    if (!event.kept) {
      event.value = unpinnedRecord(event.value);
      event.kept = true;
    }
    const taken: Taken = { step: source.step, event, before: partial.last };
    const start = partial.start ?? event;
    const stopped = this.#place({ state: target, last: taken, start });
    if (target.nearEnd) {
      this.#soFar.taking(taken);
      const end = this.#endBehind(target, event);
      if (end !== undefined) {
        this.#place({ state: end, last: taken, start });
      }
    }
    return stopped;
  }

  /** The end, if it may be reached from a state without a further event. */
  #endBehind(state: NfaState, event: MatchEvent): NfaState | undefined {
    for (const { action, target, test } of state.transitions) {
      const leads = action === 'proceed' && (target.kind === 'final' || target.nearEnd);
      if (leads && test(event.value)) {
        const end = target.kind === 'final' ? target : this.#endBehind(target, event);
        if (end !== undefined) {
          return end;
        }
      }
    }
    return undefined;
  }

  /** Notes a match by the kind of its state; true where it has to be given up. */
  #place(match: PartialMatch): boolean {
    switch (match.state.kind) {
      case 'final':
        this.#ended.push(match);
        return false;
      case 'stop':
        return true;
      default:
        this.#next.push(match);
        return false;
    }
  }

  /** Hands out matches that ended, in the order of their starts; a strategy that skips waits for earlier ones to end. */
  #complete(matches: MatchesOfKey, ended: readonly PartialMatch[]): void {
    if (ended.length > 0) {
      matches.completed = MatchQueue.of(matches.completed.items);
      matches.completed.addAll(MatchQueue.of(ended).items);
    }
    const { partial, completed } = matches;
    const found = this.#found;
    found.length = 0;
    for (let first = completed.first; first !== undefined; first = completed.first) {
      const earlier = partial.first;
      if (this.#skip.kind !== 'none' && earlier !== undefined && compareStarts(first, earlier) > 0) {
        break;
      }
      completed.poll();
      skipAfter(this.#skip, first.last, partial);
      skipAfter(this.#skip, first.last, completed);
      found.push(first);
    }
    // Not before: where a strategy fails at one of them, none is given.
    for (const { last } of found) {
      this.#output.matched(last);
    }
  }
}

/** As in Flink, whose difference overflows there, no time passes between what was before 1970 and the end of the input. */
function elapsed(since: number, now: number): number {
  return since < 0 && now === MAX_WATERMARK ? 0 : now - since;
}
