import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EntrySink } from '../../state/entry-sink.ts';
import { WaitingEvents } from './waiting-events.ts';

type Waiting = { readonly time: number; readonly value: unknown };

/** Takes everything and does nothing. */
const NO_SINK: EntrySink = {
  keepsAll: false,
  begin: () => false,
  put: () => undefined,
  remove: () => undefined,
  drop: () => undefined,
  finish: () => undefined,
  take: () => [],
  forget: () => undefined,
  abandon: () => undefined,
};

type Step = readonly ['add' | 'take' | 'slice', number];

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.tuple(fc.constantFrom('add', 'add', 'add', 'take', 'slice'), fc.nat({ max: 12 })),
  { maxLength: 40 },
);

test('a snapshot in slices holds each event that waited at its beginning once, in the order of its time', () => {
  fc.assert(
    fc.property(steps, steps, (before, during) => {
      const waiting = new WaitingEvents(undefined);
      const held: { time: number; value: number }[] = [];
      let added = 0;
      const written: { time: number; value: number }[] = [];
      const move = ([kind, at]: Step): void => {
        if (kind === 'add') {
          waiting.add('k', added, at);
          held.push({ time: at, value: added++ });
        } else if (kind === 'take') {
          waiting.take(at, (_, value, time) => {
            const next = held.toSorted((left, right) => left.time - right.time)[0];
            expect({ time, value }).toEqual(next);
            held.splice(held.indexOf(next!), 1);
          });
          expect(held.every(({ time }) => time > at)).toBe(true);
        } else {
          waiting.emitSome(at % 3);
        }
      };
      before.forEach(move);
      const expected = held.toSorted((left, right) => left.time - right.time);
      waiting.open({
        ...NO_SINK,
        put: (event) => {
          const { time, value } = event as unknown as Waiting; // only events are put
          written.push({ time, value: Number(value) });
        },
      });
      waiting.beginSnapshot();
      during.forEach(move);
      while (!waiting.emitSome(2));
      expect(waiting.entryCount).toBe(held.length);
      // Stable: events of one time were written as they came.
      expect(written.toSorted((left, right) => left.time - right.time)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
