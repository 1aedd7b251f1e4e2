import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { WheelItem } from '../../state/time-wheel.ts';
import { DueEntries } from './due-entries.ts';

interface Named extends WheelItem<Named> {
  readonly name: string;
}

function named(name: string): Named {
  return { name, time: 0, list: undefined, before: undefined, after: undefined };
}

const NAMES = ['a', 'b', 'c', 'd'];
/** Times of a few slots, or none. */
const time = fc.option(fc.nat({ max: 3500 }), { nil: undefined });
const scheduling = fc.tuple(fc.constantFrom(...NAMES), time);
const round = fc.record({
  schedulings: fc.array(scheduling, { maxLength: 6 }),
  stepMs: fc.nat({ max: 1500 }),
});

test('every entry is given once, when the time that was set last has come', () => {
  fc.assert(
    fc.property(fc.array(round, { maxLength: 8 }), (rounds) => {
      const entries = new Map(NAMES.map((name) => [name, named(name)]));
      const due = new DueEntries<Named>();
      const expected = new Map<string, number>();
      let now = 0;
      for (const { schedulings, stepMs } of rounds) {
        for (const [name, after] of schedulings) {
          const at = after === undefined ? undefined : now + after;
          due.schedule(entries.get(name)!, at);
          expected.delete(name);
          if (at !== undefined) {
            expected.set(name, at);
          }
        }
        now += stepMs;
        const given: string[] = [];
        due.advance(now, ({ name }) => given.push(name));
        const dueNow = [...expected].filter(([, at]) => at <= now).map(([name]) => name);
        dueNow.forEach((name) => expected.delete(name));
        expect(given.sort()).toEqual(dueNow.sort());
      }
    }),
  );
});

test('an entry may be scheduled anew while it is looked at', () => {
  const due = new DueEntries<Named>();
  const entry = named('a');
  const looked: number[] = [];
  due.schedule(entry, 100);
  for (const now of [150, 250, 1200]) {
    due.advance(now, () => {
      looked.push(now);
      due.schedule(entry, now + 100);
    });
  }
  expect(looked).toEqual([150, 250, 1200]);
});
