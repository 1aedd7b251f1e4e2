import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyGroupRange } from '../../data/key-groups.ts';
import { operatorId } from '../../data/operator-id.ts';
import { openState, restoreState, TableSnapshot } from '../../state/operator-state.ts';
import type { SnapshotCursor, SnapshotPart } from '../../state/snapshot.ts';
import { pattern } from '../../stream/pattern.ts';
import { MatchOperator } from './match-operator.ts';

const clock = { now: () => 0 };
const owner = {
  operatorId: operatorId('op'),
  operatorName: 'op',
  subtask: 0,
  parallelism: 1,
  maxParallelism: 128,
  keyGroups: keyGroupRange(0, 128, 1),
};

interface Letter {
  readonly key: string;
  readonly letter: string;
}

const is = (letter: string) => (event: Letter) => event.letter === letter;
const { steps } = pattern<Letter>()
  .begin('a', { where: is('a') })
  .followedBy('b', { where: is('b'), oneOrMore: true })
  .followedByAny('c', { where: is('c') })
  .within('30 ms');

/** An operator with all that leaves it. */
class Driven {
  readonly out: unknown[] = [];
  readonly #operator: MatchOperator;

  constructor(restored: readonly SnapshotPart[] = []) {
    const definition = { kind: 'match', steps, skip: { kind: 'none' }, time: 'event' } as const;
    this.#operator = new MatchOperator(
      { name: 'op', id: owner.operatorId, inputs: [], state: [], definition },
      definition,
      {
        clock,
        subtask: 0,
        parallelism: 1,
        random: () => 0,
        emitter: (output) => (value, time) => this.out.push({ output, value, time }),
        time: { watermark: () => undefined, idle: () => undefined },
        wake: () => undefined,
      },
      {
        operatorId: '',
        operatorName: '',
        recordsIn: 0,
        recordsOut: 0,
        lateRecords: 0,
        stateEntries: 0,
        stateBytes: 0,
        currentWatermark: 0,
      },
    );
    restoreState({ parts: () => restored }, owner, this.#operator.tables);
    this.#operator.restored();
  }

  /** Gives letters of one key with times around `at`, and then the watermark `at`. */
  give(rounds: readonly Round[], from: number): void {
    for (const [index, [key, letters]] of rounds.entries()) {
      const at = (from + index) * 10;
      for (const [place, letter] of letters.entries()) {
        this.#operator.process({ key, letter }, at + place, key);
      }
      this.#operator.advance(at);
    }
  }

  snapshot(): SnapshotCursor {
    return new TableSnapshot(openState(owner, this.#operator.tables), clock);
  }
}

type Round = readonly [key: string, letters: readonly string[]];

const rounds = fc.array(
  fc.tuple(fc.constantFrom('k', 'l', 'm'), fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 })),
  { maxLength: 8 },
);

test('a job that starts from a snapshot finds what the one went on to find that wrote it meanwhile', () => {
  fc.assert(
    fc.property(rounds, rounds, (before, after) => {
      const first = new Driven();
      first.give(before, 1);
      first.out.length = 0;
      const cursor = first.snapshot();
      first.give(after, 1 + before.length);
      cursor.step(Number.POSITIVE_INFINITY);
      const second = new Driven(cursor.take());
      second.give(after, 1 + before.length);
      expect(inWords(second.out)).toEqual(inWords(first.out));
    }),
  );
});

/** Keys that are due at one time come in any order. */
function inWords(out: readonly unknown[]): readonly string[] {
  return out.map((record) => JSON.stringify(record)).sort();
}
