import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyGroupRange } from '../../data/key-groups.ts';
import { openState, restoreState, TableSnapshot } from '../../state/operator-state.ts';
import type { SnapshotPart } from '../../state/snapshot.ts';
import { pattern } from '../../stream/pattern.ts';
import { compilePattern } from './compile-pattern.ts';
import { addDeadline, addWaiting, type MatchEntry } from './match-entry.ts';
import { MatchTable } from './match-table.ts';
import { NfaRun } from './nfa-run.ts';
import { takenEvents } from './partial-match.ts';
import { SoFar } from './so-far.ts';

const clock = { now: () => 0 };
const owner = {
  operatorId: 'op',
  operatorName: 'op',
  subtask: 0,
  parallelism: 1,
  maxParallelism: 128,
  keyGroups: keyGroupRange(0, 128, 1),
};

/** A table with what moves it on. */
class Driven {
  readonly table: MatchTable;
  readonly #run: NfaRun;

  constructor(looked: ReturnType<typeof lettersPattern>) {
    const soFar = new SoFar();
    const nfa = compilePattern(looked.steps, soFar);
    this.#run = new NfaRun(nfa, soFar, { kind: 'to-next' }, { matched() {}, timedOut() {} });
    this.table = new MatchTable(nfa.states, undefined);
  }

  take(key: string, letter: string, time: number): void {
    const entry = this.table.get(key) ?? this.table.insert(key, this.#run.begin());
    if (letter === 'x') {
      return this.table.remove(entry);
    }
    this.table.touch(entry);
    this.#run.process(entry, { value: { letter }, time, order: entry.events++, kept: false });
    addWaiting(entry, { value: { letter }, time: time + 100, order: 0, kept: false }, undefined);
    addDeadline(entry, time + 50);
  }

  content(): unknown {
    return Array.from(this.table.entries(), contentOf);
  }

  restore(parts: readonly SnapshotPart[]): void {
    restoreState({ parts: () => parts }, owner, [this.table]);
  }
}

function lettersPattern() {
  const is = (letter: string) => (event: { readonly letter: string }) => event.letter === letter;
  return pattern<{ readonly letter: string }>()
    .begin('a', { where: is('a') })
    .followedByAny('b', { where: is('b'), oneOrMore: true, allowCombinations: true })
    .followedBy('c', { where: is('c') });
}

/** What an entry holds, in words that do not depend on which objects are shared. */
function contentOf({ key, partial, completed, waiting, deadlines, events }: MatchEntry): unknown {
  const inWords = [partial, completed].map(({ items }) =>
    items.map(
      ({ state, last, start }) =>
        `${state.name}: ${takenEvents(last).map(({ step, event }) => `${step}@${event.time}#${event.order}`)} from ${start?.order}`,
    ),
  );
  return {
    key,
    inWords,
    waiting: waiting.map(({ value, time }) => [value, time]),
    deadlines: [...deadlines],
    events,
  };
}

const taking = fc.tuple(fc.constantFrom('k', 'l', 'm'), fc.constantFrom('a', 'b', 'b', 'c', 'x'));

test('a snapshot that is written while matches go on is the state at its beginning', () => {
  fc.assert(
    fc.property(
      fc.array(taking, { maxLength: 20 }),
      fc.array(taking, { maxLength: 20 }),
      (before, during) => {
        const driven = new Driven(lettersPattern());
        before.forEach(([key, letter], time) => driven.take(key, letter, time));
        const expected = driven.content();
        const cursor = new TableSnapshot(openState(owner, [driven.table]), clock);
        during.forEach(([key, letter], time) => driven.take(key, letter, 100 + time));
        cursor.step(Number.POSITIVE_INFINITY);
        const restored = new Driven(lettersPattern());
        restored.restore(cursor.take());
        expect(byKey(restored.content())).toEqual(byKey(expected));
      },
    ),
  );
});

/** Entries leave in the order in which they changed; what matters is what they hold. */
function byKey(content: unknown): unknown {
  return (content as { readonly key: string }[]).toSorted((left, right) => (left.key < right.key ? -1 : 1)); // as `content` gives it
}

test('a snapshot does not fit a pattern without the step at which a match waits', () => {
  const driven = new Driven(lettersPattern());
  driven.take('k', 'a', 1);
  const cursor = new TableSnapshot(openState(owner, [driven.table]), clock);
  cursor.step(Number.POSITIVE_INFINITY);
  const other = new MatchTable(
    compilePattern(pattern<unknown>().begin('a').steps, new SoFar()).states,
    undefined,
  );
  expect(() => restoreState({ parts: () => cursor.take() }, owner, [other])).toThrow(
    /a match waits at "b(:\d)?", which the pattern does not have any more; give the operator a new name, or go back to the old pattern/,
  );
});
