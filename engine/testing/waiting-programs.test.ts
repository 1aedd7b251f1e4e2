import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { application, type Stream, t } from '../index.ts';
import { harness } from './harness.ts';
import { stubSink, stubSource } from './stub-connectors.ts';
import { testRun, testRunAsync } from './test-run.ts';

const Order = t.row({ id: t.int, at: t.instant });
interface OrderRecord {
  readonly id: number;
  readonly at: number;
}

let calls = 0;

/** Two calls at once, of which those of odd orders take longer. */
const priced = application('priced', {
  build({ source }) {
    source(
      'orders',
      stubSource(Order, (order) => order.at),
    )
      .asyncMap('look-up', {
        capacity: 2,
        async call(order) {
          calls++;
          await nextTurn();
          if (order.id % 2 === 1) {
            await nextTurn();
          }
          return order.id * 10;
        },
      })
      .to(stubSink('prices'), 'prices');
  },
});

const orders = Array.from({ length: 20 }, (_, id) => ({ id, at: id }));
const prices = orders.map(({ id }) => id * 10);

test('an application that calls the outside world is waited for, with every option of a test run', async () => {
  expect((await testRunAsync(priced, {}, { orders })).sink('prices')).toEqual(prices);
  const options = { crashAt: [3, 9, 20], checkpointEvery: 2, interleave: 4, clock: 'event-time' } as const;
  calls = 0;
  expect((await testRunAsync(priced, {}, { orders }, options)).sink('prices')).toEqual(prices);
  // What was open at a checkpoint is called again, so a crash is seen from outside.
  expect(calls).toBeGreaterThan(orders.length);
});

test('a run that does not wait refuses such an application with the operator and the remedy', () => {
  expect(() => testRun(priced, {}, { orders })).toThrow(
    'Cannot test application "priced" without waiting: operator "look-up" calls the outside world; use await testRunAsync(…) with the same parameters',
  );
  expect(testRun(priced, {}, {}).sink('prices')).toEqual([]);
});

test('open calls are in the snapshot of a harness and are made again after a restore', async () => {
  const asked: number[] = [];
  const answers: (() => void)[] = [];
  const lookUp = (input: Stream<OrderRecord>) =>
    input.asyncMap('look-up', {
      call: (order) => {
        asked.push(order.id);
        return new Promise<number>((resolve) => answers.push(() => resolve(order.id)));
      },
    });
  const first = harness(lookUp);
  first.push({ id: 1, at: 1 }, 1);
  first.push({ id: 2, at: 2 }, 2);
  answers.forEach((answer) => answer());
  await first.settled();
  expect(first.timedOutput()).toEqual([
    { value: 1, time: 1 },
    { value: 2, time: 2 },
  ]);
  first.push({ id: 3, at: 3 }, 3);
  const second = harness(lookUp);
  second.restore(first.snapshot());
  expect(asked).toEqual([1, 2, 3, 3]);
  answers.at(-1)?.();
  await second.settled();
  expect(second.output()).toEqual([3]);
});
