import { describe, expect, test } from 'vitest';
import { type Pattern, pattern } from '../../stream/pattern.ts';
import type { Stream } from '../../stream/stream.ts';
import { type Harness, harness } from '../../testing/harness.ts';

interface Order {
  readonly id: string;
  readonly status: 'placed' | 'paid' | 'labeled' | 'cancelled';
}

const MINUTE = 60_000;
const is = (status: Order['status']) => (order: Order) => order.status === status;
const order = (id: string, status: Order['status']): Order => ({ id, status });

const shipping = pattern<Order>()
  .begin('placed', { where: is('placed') })
  .followedBy('paid', { where: is('paid') })
  .followedBy('labeled', { where: is('labeled') })
  .within('2 hours');

function run<M>(
  looked: Pattern<Order, M>,
  options: Parameters<typeof harness>[1] = {},
): Harness<Order, unknown> {
  return harness((orders) => orders.keyBy(({ id }) => id).match('shipping', looked), options);
}

describe('a match', () => {
  test('tells orders that were placed, paid and labeled in time from those that stalled', () => {
    const h = run(shipping);
    h.push(order('a', 'placed'), 0);
    h.push(order('a', 'paid'), 10 * MINUTE);
    h.push(order('a', 'labeled'), 100 * MINUTE);
    h.push(order('b', 'placed'), 0);
    h.push(order('b', 'paid'), 20 * MINUTE);
    h.push(order('b', 'labeled'), 120 * MINUTE);
    h.watermark(180 * MINUTE);
    expect(h.timedOutput()).toEqual([
      {
        value: { placed: order('a', 'placed'), paid: order('a', 'paid'), labeled: order('a', 'labeled') },
        time: 100 * MINUTE,
      },
    ]);
    expect(h.side('timedOut')).toEqual([{ placed: order('b', 'placed'), paid: order('b', 'paid') }]);
  });

  test('comes in the order of event time, whatever the order of arrival', () => {
    const h = run(shipping);
    h.push(order('a', 'labeled'), 30);
    h.push(order('a', 'placed'), 10);
    h.push(order('a', 'paid'), 20);
    h.watermark(29);
    expect(h.output()).toEqual([]);
    h.watermark(30);
    expect(h.output()).toHaveLength(1);
  });

  test('takes no record at or below the watermark, and none without a time', () => {
    const h = run(shipping);
    h.watermark(50);
    h.push(order('a', 'placed'), 50);
    h.push(order('a', 'placed'));
    expect(h.side('late')).toHaveLength(2);
    expect(h.lateRecords).toBe(2);
  });

  test('comes at once in processing time, and has no time', () => {
    const h = harness((orders: Stream<Order>) =>
      orders.keyBy(({ id }) => id).match('shipping', shipping, { time: 'processing' }),
    );
    h.push(order('a', 'placed'), 5);
    h.push(order('a', 'paid'), 4);
    h.push(order('a', 'labeled'), 3);
    expect(h.output()).toHaveLength(1);
    h.advance('1 minute');
    h.push(order('b', 'placed'));
    h.advance('2 hours');
    expect(h.side('timedOut')).toEqual([]);
    h.advance('1 ms');
    expect(h.side('timedOut')).toEqual([{ placed: order('b', 'placed') }]);
  });

  test('finds steps of a whole stream where there are no keys', () => {
    const h = harness(
      (orders) =>
        orders.match(
          'pair',
          pattern<Order>()
            .begin('first', { where: is('placed') })
            .next('second', { where: is('paid') }),
        ),
      { parallelism: 3 },
    );
    h.push(order('a', 'placed'), 1);
    h.push(order('b', 'paid'), 2);
    h.watermark(2);
    expect(h.output()).toEqual([{ first: order('a', 'placed'), second: order('b', 'paid') }]);
  });

  test('has undefined for what is optional and lists for what may come repeatedly', () => {
    const h = run(
      pattern<Order>()
        .begin('placed', { where: is('placed') })
        .followedBy('paid', { where: is('paid'), optional: true })
        .followedBy('cancelled', { where: is('cancelled'), times: [0, 2] })
        .followedBy('labeled', { where: is('labeled') }),
    );
    h.push(order('a', 'placed'), 1);
    h.push(order('a', 'labeled'), 2);
    h.watermark(2);
    expect(h.output()).toEqual([
      { placed: order('a', 'placed'), paid: undefined, cancelled: [], labeled: order('a', 'labeled') },
    ]);
  });

  test('orders records of equal time by its comparator', () => {
    const looked = pattern<Order>()
      .begin('placed', { where: is('placed') })
      .next('paid', { where: is('paid') });
    const h = harness((orders: Stream<Order>) =>
      orders
        .keyBy(({ id }) => id)
        .match('pair', looked, { comparator: (a, b) => Number(is('paid')(a)) - Number(is('paid')(b)) }),
    );
    h.push(order('a', 'paid'), 1);
    h.push(order('a', 'placed'), 1);
    h.watermark(1);
    expect(h.output()).toHaveLength(1);
  });

  test('shows conditions of a group the latest record of each of its steps', () => {
    const seen: string[] = [];
    const pair = pattern<Order>()
      .begin('placed', { where: is('placed') })
      .followedBy('paid', {
        where: (record, { placed }) => {
          seen.push(`${record.id} after ${placed.id}`);
          return record.status === 'paid';
        },
      });
    const h = harness((orders) =>
      orders.match('pairs', pattern<Order>().begin(pair, { times: 2 }).within('1 hour')),
    );
    h.push(order('a', 'placed'), 1);
    h.push(order('b', 'paid'), 2);
    h.push(order('c', 'placed'), 3);
    h.push(order('d', 'paid'), 4);
    h.watermark(4);
    expect(h.output()).toEqual([
      {
        placed: [order('a', 'placed'), order('c', 'placed')],
        paid: [order('b', 'paid'), order('d', 'paid')],
      },
    ]);
    expect(seen).toContain('d after c');
  });

  test('names the operator, the record and the key when a condition throws', () => {
    const h = run(
      pattern<Order>().begin('placed', {
        where: () => {
          throw new Error('no such status');
        },
      }),
    );
    h.push(order('a', 'placed'), 1);
    expect(() => h.watermark(1)).toThrow(
      expect.objectContaining({
        message: 'Operator "shipping" failed: no such status',
        record: '{"id":"a","status":"placed"}',
        key: 'a',
      }),
    );
  });
});

describe('a partial match', () => {
  test('goes on when its job is rescaled between its records', () => {
    const h = run(shipping);
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    ids.forEach((id) => h.push(order(id, 'placed'), 1));
    h.watermark(1);
    h.restore(h.snapshot(), { parallelism: 3 });
    // Of these, some still wait for the watermark when the next snapshot is taken.
    ids.forEach((id) => h.push(order(id, 'paid'), 2));
    h.restore(h.snapshot(), { parallelism: 2 });
    ids.forEach((id) => h.push(order(id, 'labeled'), 3));
    h.watermark(3);
    expect(h.output()).toHaveLength(ids.length);
  });

  test('times out after a restart', () => {
    const h = run(shipping);
    h.push(order('a', 'placed'), 1);
    h.watermark(1);
    h.restore(h.snapshot());
    h.watermark(1 + 120 * MINUTE);
    expect(h.side('timedOut')).toEqual([{ placed: order('a', 'placed') }]);
  });

  test('leaves no state behind when it ends', () => {
    const h = run(shipping);
    const entries = (): number => {
      // At another parallelism a snapshot has everything, and nothing of what is gone.
      const copy = run(shipping);
      copy.restore(h.snapshot(), { parallelism: 2 });
      return copy.snapshot().parts.reduce((sum, part) => sum + part.entries, 0);
    };
    h.push(order('a', 'placed'), 1);
    h.push(order('b', 'paid'), 1);
    h.watermark(1);
    expect(entries()).toBe(1);
    h.watermark(180 * MINUTE);
    expect(entries()).toBe(0);
  });
});
