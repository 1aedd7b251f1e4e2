import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MatchQueue } from './match-queue.ts';
import { compareStarts, type PartialMatch } from './partial-match.ts';

const state: PartialMatch['state'] = {
  name: 's',
  step: 's',
  kind: 'normal',
  transitions: [],
  withinPreviousMs: undefined,
  nearEnd: false,
};

const match = fc.option(fc.nat({ max: 9 }), { nil: undefined }).map((time): PartialMatch => ({
  state,
  last: undefined,
  start: time === undefined ? undefined : { value: 0, time, order: 0, kept: true },
}));
const matches = fc.array(match, { maxLength: 30 });

function drained(queue: MatchQueue): PartialMatch[] {
  const result: PartialMatch[] = [];
  for (let next = queue.poll(); next !== undefined; next = queue.poll()) {
    result.push(next);
  }
  return result;
}

test('a queue gives the earliest start first, and what has not begun last', () => {
  fc.assert(
    fc.property(matches, (all) => {
      const times = (list: readonly PartialMatch[]) => list.map(({ start }) => start?.time);
      expect(times(drained(MatchQueue.of(all)))).toEqual(times(all.toSorted(compareStarts)));
    }),
  );
});

test('a queue without some of its matches still gives the earliest first', () => {
  fc.assert(
    fc.property(matches, fc.nat({ max: 9 }), (all, time) => {
      const queue = MatchQueue.of(all);
      queue.removeIf(({ start }) => start?.time === time);
      const left = all.filter(({ start }) => start?.time !== time).toSorted(compareStarts);
      expect(drained(queue).map(({ start }) => start?.time)).toEqual(left.map(({ start }) => start?.time));
    }),
  );
});

test('a queue of the matches of another is the same queue', () => {
  fc.assert(
    fc.property(matches, (all) => {
      const queue = MatchQueue.of(all);
      expect(MatchQueue.of(queue.items).items).toEqual(queue.items);
    }),
  );
});
