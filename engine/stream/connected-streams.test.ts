import { describe, expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { describeGraph } from '../graph/describe-graph.ts';
import { harness } from '../testing/harness.ts';
import { stubSink, stubSource } from '../testing/stub-connectors.ts';
import { application } from './application.ts';
import { list, operatorList, value } from './state-cells.ts';
import type { Stream } from './stream.ts';

const Order = t.row({ id: t.string, total: t.double });
const Payment = t.row({ order: t.string, amount: t.double });
const Line = t.row({ order: t.string, open: t.double });
interface Order {
  readonly id: string;
  readonly total: number;
}
interface Payment {
  readonly order: string;
  readonly amount: number;
}

/** What is open of every order: orders and payments come in any order, and a reminder after ten seconds. */
function settle(orders: Stream<Order>, payments: Stream<Payment>): Stream<{ order: string; open: number }> {
  return orders
    .keyBy((order) => order.id)
    .connect(payments.keyBy((payment) => payment.order))
    .process('settle', {
      output: Line,
      outputs: { reminders: t.string },
      state: { total: value(t.double), paid: list(t.double) },
      timers: ['remind'],
      onFirst(order, ctx) {
        ctx.state.total.set(order.total);
        ctx.timers.remind.set(ctx.time + 10_000);
      },
      onSecond(payment, ctx) {
        ctx.state.paid.push(payment.amount);
        const paid = [...ctx.state.paid].reduce((sum, amount) => sum + amount, 0);
        ctx.emit({ order: ctx.key, open: (ctx.state.total.get() ?? 0) - paid });
      },
      onTimer(timer, ctx) {
        ctx.side('reminders', `${timer} ${ctx.key}`);
      },
    });
}

function graphOf(build: (orders: Stream<Order>, payments: Stream<Payment>) => Pick<Stream<never>, 'to'>) {
  return application('shop', {
    build({ source }) {
      const orders = source('orders', stubSource(Order));
      const payments = source('payments', stubSource(Payment));
      build(orders, payments).to(stubSink('out'), 'out');
    },
  }).build({});
}

describe('connected streams', () => {
  test('share cells and timers of a key, also over a restart with more and fewer subtasks', () => {
    const shop = harness(settle);
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    ids.forEach((id) => shop.push({ id, total: 10 }, 1000));
    shop.restore(shop.snapshot(), { parallelism: 3 });
    ids.forEach((order) => shop.pushSecond({ order, amount: 4 }, 2000));
    expect(shop.output()).toEqual(ids.map((order) => ({ order, open: 6 })));
    shop.restore(shop.snapshot(), { parallelism: 2 });
    ids.forEach((order) => shop.pushSecond({ order, amount: 1 }, 3000));
    expect(shop.output()).toEqual(ids.map((order) => ({ order, open: 5 })));
    shop.watermark(11_000);
    expect(shop.side('reminders').map(String).toSorted()).toEqual(ids.map((id) => `remind ${id}`));
  });

  test('have the event time of the slower one, idle ones left out', () => {
    const shop = harness(settle);
    shop.push({ id: 'a', total: 1 }, 0);
    shop.watermark(20_000, 'first');
    expect(shop.side('reminders')).toEqual([]);
    shop.idle('second');
    expect(shop.side('reminders')).toEqual(['remind a']);
  });

  test('without keys have the state of their subtask', () => {
    const shop = harness((orders: Stream<Order>, payments: Stream<Payment>) =>
      orders.connect(payments).process('all', {
        output: t.string,
        state: { seen: operatorList(t.string) },
        onFirst(order, ctx) {
          ctx.state.seen.push(order.id);
        },
        onSecond(_, ctx) {
          ctx.emit([...ctx.state.seen].join());
        },
      }),
    );
    shop.push({ id: 'a', total: 1 });
    shop.push({ id: 'b', total: 1 });
    shop.restore(shop.snapshot());
    shop.pushSecond({ order: 'a', amount: 1 });
    expect(shop.output()).toEqual(['a,b']);
  });

  test('describe both ways in', () => {
    const { nodes } = describeGraph(graphOf(settle));
    expect(nodes[2]).toMatchObject({
      name: 'settle',
      kind: 'co-process',
      inputs: [
        { from: 'orders', exchange: 'hash' },
        { from: 'payments', exchange: 'hash' },
      ],
      state: [
        { name: 'total', kind: 'value' },
        { name: 'paid', kind: 'list' },
      ],
      description: { timers: 'remind' },
    });
  });

  test('are refused where one has keys and the other has not, and where a handler is no plain function', () => {
    const output = t.int;
    const nothing = (): undefined => undefined;
    expect(() =>
      graphOf((orders, payments) =>
        orders
          .connect(payments.keyBy((payment) => payment.order) as unknown as Stream<Payment>)
          .process('p', { output, onFirst: nothing, onSecond: nothing }),
      ),
    ).toThrow(
      'Cannot connect another stream with "orders", which has no keys: it must be like the first one, or a broadcast stream; use keyBy on both or on neither, or broadcast on the other',
    );
    expect(() =>
      graphOf((orders, payments) =>
        // @ts-expect-error handlers return undefined
        orders.connect(payments).process('p', { output, onFirst: nothing, onSecond: async () => {} }),
      ),
    ).toThrow('Cannot add onSecond of co-process "p": its function is async');
    expect(() =>
      graphOf((orders, payments) =>
        // @ts-expect-error timers need keys
        orders.connect(payments).process('p', { output, timers: ['x'], onFirst: nothing, onSecond: nothing }),
      ),
    ).toThrow('Cannot add co-process "p": it has timers "x" and no keys; use keyBy before');
  });

  test('are refused with names that snapshots or timers have already', () => {
    const using = (more: { readonly processingTimers?: readonly 'remind'[]; readonly cell?: string }) => () =>
      graphOf((orders, payments) =>
        orders
          .keyBy((order) => order.id)
          .connect(payments.keyBy((payment) => payment.order))
          .process('p', {
            output: t.int,
            state: { [more.cell ?? 'sum']: value(t.int) },
            timers: ['remind'],
            processingTimers: more.processingTimers ?? [],
            onFirst: () => undefined,
            onSecond: () => undefined,
            onTimer: () => undefined,
          }),
      );
    expect(using({ cell: 'timers' })).toThrow(
      'Cannot add co-process "p": state "timers" is its own, of its timers; call yours otherwise',
    );
    expect(using({ processingTimers: ['remind'] })).toThrow(
      'Cannot add co-process "p": timer "remind" is declared twice; a timer is of event time or of processing time, so give each its own name',
    );
    expect(using({})).not.toThrow();
  });
});

/** Mistakes that TypeScript refuses; never run. */
export function refusedByTypes(orders: Stream<Order>, payments: Stream<Payment>): void {
  const byId = orders.keyBy((order) => order.id);
  const byAmount = payments.keyBy((payment) => payment.amount);
  const [output, nothing] = [t.int, (): undefined => undefined];
  // @ts-expect-error keys of different types
  byId.connect(byAmount);
  // @ts-expect-error one with keys, one without
  byId.connect(payments);
  // @ts-expect-error one without keys, one with
  orders.connect(byId);
  const both = byId.connect(payments.keyBy((payment) => payment.order));
  // @ts-expect-error records of the second stream have no total
  both.process('a', { output, onFirst: nothing, onSecond: (payment) => void payment.total });
  // @ts-expect-error a function of two streams has two handlers
  both.process('b', { output, onFirst: nothing });
  const state = { open: value(t.double) };
  // @ts-expect-error state per key without keys
  orders.connect(payments).process('c', { output, state, onFirst: nothing, onSecond: nothing });
}
