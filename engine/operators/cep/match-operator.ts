import type { Key } from '../../data/key-groups.ts';
import { checkedKey, keyText } from '../../data/keys.ts';
import { MIN_WATERMARK, NO_TIME } from '../../data/record-batch.ts';
import type { SnapshotTable } from '../../state/state-table.ts';
import type { ChainNode } from '../chain.ts';
import type { Emit } from '../chain-links.ts';
import type { OperatorMetrics } from '../chain-metrics.ts';
import { isOperatorError, OperatorError, previewRecord } from '../operator-error.ts';
import type { OperatorHost } from '../operator-host.ts';
import type { StatefulOperator } from '../stateful-operator.ts';
import { compilePattern, type Nfa } from './compile-pattern.ts';
import { DueEntries } from './due-entries.ts';
import { foundMatch, partOfMatch } from './found-match.ts';
import type { MatchDefinition } from './match-definition.ts';
import {
  addDeadline,
  addWaiting,
  type MatchEntry,
  nextDue,
  passDeadlines,
  removeFirst,
} from './match-entry.ts';
import { type MatchField, matchFields } from './match-fields.ts';
import { MatchTable } from './match-table.ts';
import { type MatchesOfKey, NfaRun } from './nfa-run.ts';
import type { MatchEvent, Taken } from './partial-match.ts';
import { SoFar } from './so-far.ts';
import { WaitingEvents } from './waiting-events.ts';

/**
 * Finds a pattern in the events of each key.
 *
 * In event time an event waits for the watermark, so that events are looked at in the order of their times; one at
 * or below the watermark goes to the output `late`, also one without a time. A match has the time of the event that
 * ended it, or, where an absence did, of the watermark or event that told; a partial match that runs out of time goes
 * to the output `timedOut` with its start + within. In processing time events are looked at as they come, and
 * results have no time. Source: Flink's `CepOperator`.
 */
export class MatchOperator implements StatefulOperator {
  readonly tables: readonly SnapshotTable[];
  readonly #node: ChainNode;
  readonly #comparator: ((left: unknown, right: unknown) => number) | undefined;
  readonly #host: OperatorHost;
  readonly #metrics: OperatorMetrics;
  readonly #fields: readonly MatchField[];
  readonly #nfa: Nfa;
  readonly #run: NfaRun;
  readonly #table: MatchTable;
  /** Events that wait for the watermark, unless a comparator puts those of their key in order. */
  readonly #waiting: WaitingEvents;
  /** Where a key is led on from that has nothing under way. */
  readonly #fresh: MatchesOfKey;
  /** A match may run out of time without a deadline of its own, so that keys are looked at behind all their events. */
  #looksAgain: boolean;
  /** Keys that the events of this watermark left with something under way. */
  readonly #changed: MatchEntry[] = [];
  /** When which key is due; made anew from the table after a restore. */
  readonly #due = new DueEntries<MatchEntry>();
  readonly #emit: Emit;
  readonly #timedOut: Emit;
  readonly #late: Emit;
  readonly #inEventTime: boolean;
  /** A time of the clock is over with its last millisecond; of a watermark it is when the watermark says so. */
  readonly #delayMs: number;
  #watermark = MIN_WATERMARK;
  #key: Key | undefined;
  /** The event at work, which is used again until a match keeps it. */
  #event: MatchEvent = { value: undefined, time: NO_TIME, order: 0, kept: true };
  /** The time of what is found now. */
  #time = NO_TIME;

  constructor(node: ChainNode, definition: MatchDefinition, host: OperatorHost, metrics: OperatorMetrics) {
    this.#node = node;
    // The graph joins only what fits, so the comparator takes the events that it is given.
    this.#comparator = definition.comparator as ((left: unknown, right: unknown) => number) | undefined;
    this.#host = host;
    this.#metrics = metrics;
    this.#inEventTime = definition.time === 'event';
    this.#delayMs = this.#inEventTime ? 0 : 1;
    this.#fields = matchFields(definition.steps);
    const soFar = new SoFar();
    this.#nfa = compilePattern(definition.steps, soFar);
    this.#run = new NfaRun(this.#nfa, soFar, definition.skip, {
      matched: (last) => this.#matched(last),
      timedOut: (last, time) => this.#ranOut(last, time),
    });
    this.#table = new MatchTable(this.#nfa.states, node.state[0]?.schema);
    this.#waiting = new WaitingEvents(node.state[0]?.schema);
    this.tables = [this.#table, this.#waiting];
    this.#fresh = this.#run.begin();
    this.#looksAgain = this.#run.comparesNeighbors;
    this.#emit = host.emitter('main');
    this.#timedOut = host.emitter('timedOut');
    this.#late = host.emitter('late');
  }

  get currentKey(): Key | undefined {
    return this.#key;
  }

  process(value: unknown, time: number, key: Key | undefined): void {
    this.#key = key;
    if (!this.#inEventTime) {
      return this.#processAtOnce(value, this.#host.clock.now());
    }
    if (time <= this.#watermark) {
      this.#metrics.lateRecords++;
      return this.#late(value, time);
    }
    if (this.#comparator === undefined) {
      this.#waiting.add(checkedKey(key), value, time);
    } else {
      this.#wait(value, time);
    }
  }

  advance(watermark: number): void {
    this.#watermark = watermark;
    if (this.#inEventTime) {
      this.#takeWaiting(watermark);
      this.#due.advance(watermark, (entry) => this.#lookAt(entry, watermark));
    }
  }

  tick(now: number): void {
    if (!this.#inEventTime) {
      this.#due.advance(now, (entry) => this.#lookAt(entry, now));
    }
  }

  restored(): void {
    for (const entry of this.#table.entries()) {
      this.#looksAgain ||= (entry.partial.first?.start?.time ?? 1) <= 0;
      this.#due.schedule(entry, nextDue(entry, this.#delayMs));
    }
  }

  #wait(value: unknown, time: number): void {
    const key = checkedKey(this.#key);
    const entry = this.#table.get(key) ?? this.#table.insert(key, this.#run.begin());
    this.#table.touch(entry);
    addWaiting(entry, { value, time, order: 0, kept: false }, this.#comparator);
    this.#due.schedule(entry, nextDue(entry, this.#delayMs));
  }

  #processAtOnce(value: unknown, now: number): void {
    if (this.#comparator !== undefined) {
      // Events of the same millisecond are put in order first.
      return this.#wait(value, now);
    }
    this.#takeNow(checkedKey(this.#key), { value, time: now, order: 0, kept: false });
  }

  /** Takes the events whose time has come, and looks again at the keys in which something is under way then. */
  #takeWaiting(watermark: number): void {
    this.#waiting.take(watermark, this.#takeEvent);
    const changed = this.#changed;
    for (const entry of changed) {
      entry.changed = false;
      if (this.#table.get(entry.key) === entry) {
        this.#lookAt(entry, watermark);
      }
    }
    changed.length = 0;
  }

  readonly #takeEvent = (key: Key, value: unknown, time: number): void => {
    this.#key = key;
    let event = this.#event;
    if (event.kept) {
      event = { value, time, order: 0, kept: false };
      this.#event = event;
    } else {
      event.value = value;
      event.time = time;
    }
    const entry = this.#takeNow(key, event);
    if (this.#looksAgain && entry?.changed === false) {
      entry.changed = true;
      this.#changed.push(entry);
    }
  };

  /** Leads a key on by an event whose turn has come; gives its entry, if something is under way then. */
  #takeNow(key: Key, event: MatchEvent): MatchEntry | undefined {
    const entry = this.#table.get(key);
    if (entry === undefined) {
      return this.#begin(key, event);
    }
    if (entry.version < this.#table.version) {
      this.#table.touch(entry);
    }
    this.#advanceTo(entry, event.time);
    this.#take(entry, event);
    return this.#keepOrRemove(entry);
  }

  /** Takes an event of a key without anything under way; most begin nothing, and leave no entry behind. */
  #begin(key: Key, event: MatchEvent): MatchEntry | undefined {
    const matches = this.#fresh;
    this.#time = this.#inEventTime ? event.time : NO_TIME;
    const begun = this.#process(matches, event);
    if (this.#run.isIdle(matches)) {
      return undefined;
    }
    const entry = this.#table.insert(key, matches);
    Object.assign(matches, this.#run.begin());
    entry.events = 1;
    this.#limit(entry, event, begun);
    this.#due.schedule(entry, nextDue(entry, this.#delayMs));
    return entry;
  }

  /** Looks at the events of a key up to `now`, and then at what has run out of time. */
  #lookAt(entry: MatchEntry, now: number): void {
    this.#key = entry.key;
    this.#table.touch(entry);
    let count = 0;
    for (const event of entry.waiting) {
      if (event.time > now) {
        break;
      }
      count++;
      this.#advanceTo(entry, event.time);
      this.#take(entry, event);
    }
    if (count > 0) {
      removeFirst(entry, count);
    }
    this.#advanceTo(entry, now);
    passDeadlines(entry, now);
    this.#keepOrRemove(entry);
  }

  #advanceTo(entry: MatchEntry, time: number): void {
    this.#time = this.#inEventTime ? time : NO_TIME;
    this.#run.advance(entry, time);
  }

  #take(entry: MatchEntry, event: MatchEvent): void {
    event.order = entry.events++;
    this.#limit(entry, event, this.#process(entry, event));
  }

  /** Leads an event through the pattern; true when a match has begun with it. */
  #process(matches: MatchesOfKey, event: MatchEvent): boolean {
    try {
      return this.#run.process(matches, event);
    } catch (cause) {
      throw isOperatorError(cause) ? cause : this.#errorAt(event, cause);
    }
  }

  /** Has the key looked at when the match that begins with `event` runs out of time. */
  #limit(entry: MatchEntry, { time }: MatchEvent, begun: boolean): void {
    const { withinMs } = this.#nfa;
    // As in Flink, what begins at the start of 1970 or before is looked at with the next event only.
    if (!begun || withinMs === undefined) {
      return;
    }
    if (time > 0) {
      addDeadline(entry, time + withinMs + this.#delayMs);
    } else {
      this.#looksAgain = true;
    }
  }

  /** Gives the entry if it is kept. */
  #keepOrRemove(entry: MatchEntry): MatchEntry | undefined {
    if (entry.waiting.length === 0 && this.#run.isIdle(entry)) {
      this.#due.schedule(entry, undefined);
      this.#table.remove(entry);
      return undefined;
    }
    this.#due.schedule(entry, nextDue(entry, this.#delayMs));
    return entry;
  }

  #matched(last: Taken | undefined): void {
    this.#emit(foundMatch(this.#fields, last), this.#time);
  }

  #ranOut(last: Taken | undefined, time: number): void {
    this.#timedOut(partOfMatch(this.#fields, last), this.#inEventTime ? time : NO_TIME);
  }

  #errorAt(event: MatchEvent, cause: unknown): OperatorError {
    const key = this.#key === undefined ? undefined : keyText(this.#key);
    return new OperatorError(this.#node.name, {
      cause,
      record: previewRecord(event.value),
      value: event.value,
      key,
    });
  }
}
