/** Wrong programs, each with the sentence that it gets: most of them before anything runs, the rest at the first record. */
import { describe, expect, test } from 'vitest';
import {
  aggregating,
  application,
  count,
  evictors,
  globalWindow,
  map,
  pattern,
  punctuated,
  reducing,
  type Stream,
  sum,
  t,
  triggers,
  tumbling,
  value,
} from '../index.ts';
import { stubSink, stubSource } from '../testing/stub-connectors.ts';
import { testRun } from '../testing/test-run.ts';

const Order = t.row({ shop: t.string, amount: t.double, at: t.instant });
interface OrderRecord {
  readonly shop: string;
  readonly amount: number;
  readonly at: number;
}
type Orders = Stream<OrderRecord>;

/** A wrong program, and the beginning of what it is told. */
type Row = readonly [mistake: string, build: (orders: Orders, others: Orders) => unknown, sentence: string];

const timed = stubSource(Order, (order) => order.at);
const untimed = stubSource(Order);

function shop(build: Row[1], source = timed) {
  return application('shop', {
    build(app) {
      build(app.source('orders', source), app.source('others', source));
    },
  });
}

const byShop = (orders: Orders) => orders.keyBy((order) => order.shop);
const perMinute = (orders: Orders) => byShop(orders).window(tumbling('1 minute'));
const output = t.double;
const onRecord = (): undefined => undefined;

const names: readonly Row[] = [
  [
    'an operator with state has an empty name',
    (orders) => byShop(orders).process('', { output, onRecord }),
    'Cannot add a process without a name: the name is the identity of its state; give a text as first argument',
  ],
  [
    'a name is blank',
    (orders) => byShop(orders).reduce(' ', (left) => left),
    'Cannot add a reduce without a name',
  ],
  [
    'two operators have one name',
    (orders) => {
      byShop(orders).sum('total', 'amount');
      perMinute(orders).aggregate('total', { n: count() });
    },
    'Cannot add window "total": a reduce has this name already; names are the identity of state, so give this one another',
  ],
  [
    'a name is longer than can be shown',
    (orders) => byShop(orders).sum('x'.repeat(201), 'amount'),
    'Cannot add operator "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…": its name has 201 characters, 200 are allowed',
  ],
];

const ASYNC =
  'its function is async; operators are synchronous, since state and barriers do not wait for promises; call the outside world in asyncMap';

const asynchronous: readonly Row[] = [
  ['map', (orders) => orders.map(async (order) => order.shop, 'm'), `Cannot add map "m": ${ASYNC}`],
  [
    'filter',
    // @ts-expect-error a promise is no boolean
    (orders) => orders.filter(async () => true, 'f'),
    `Cannot add filter "f": ${ASYNC}`,
  ],
  [
    'flatMap',
    // @ts-expect-error a promise cannot be iterated
    (orders) => orders.flatMap(async (order) => [order], 'f'),
    `Cannot add flatMap "f": ${ASYNC}`,
  ],
  [
    'keyBy',
    // @ts-expect-error a promise is no key
    (orders) => orders.keyBy(async (order) => order.shop),
    `Cannot add keyBy after "orders": ${ASYNC}`,
  ],
  [
    'onRecord',
    (orders) =>
      byShop(orders).process('p', {
        output,
        // @ts-expect-error handlers return undefined
        async onRecord() {
          await Promise.resolve();
        },
      }),
    `Cannot add process "p": ${ASYNC}`,
  ],
  [
    'onTimer',
    (orders) =>
      byShop(orders).process('p', {
        output,
        timers: ['later'],
        onRecord,
        // @ts-expect-error handlers return undefined
        async onTimer() {
          await Promise.resolve();
        },
      }),
    'of process "p"',
  ],
  [
    'reduce',
    // @ts-expect-error a promise is no record
    (orders) => byShop(orders).reduce('r', async (left) => left),
    `reduce "r": ${ASYNC}`,
  ],
  [
    'onWindow',
    (orders) =>
      perMinute(orders).process('w', {
        output,
        // @ts-expect-error handlers return undefined
        async onWindow() {
          await Promise.resolve();
        },
      }),
    `window "w": ${ASYNC}`,
  ],
  [
    'a window join',
    (orders, others) =>
      byShop(orders)
        .windowJoin(byShop(others), tumbling('1 minute'))
        .join('j', async (left) => left.amount),
    `"j": ${ASYNC}`,
  ],
  [
    'a condition of a pattern',
    (orders) =>
      byShop(orders).match(
        'm',
        // @ts-expect-error a promise is no boolean
        pattern<OrderRecord>().begin('first', { where: async () => true }),
      ),
    ASYNC,
  ],
];

const repeatable: readonly Row[] = [
  [
    'map',
    (orders) => orders.map(() => Date.now(), 'm'),
    'Cannot add map "m": its function calls Date.now();',
  ],
  [
    'filter',
    (orders) => orders.filter(() => Math.random() < 0.1, 'sample'),
    'Cannot add filter "sample": its function calls Math.random(); it gives another answer when records are replayed; use ctx.random()',
  ],
  [
    'keyBy',
    (orders) => orders.keyBy(() => crypto.randomUUID()),
    'Cannot add keyBy after "orders": its function calls crypto.randomUUID()',
  ],
  [
    'onRecord',
    (orders) =>
      byShop(orders).process('p', {
        output,
        onRecord(_, ctx) {
          setTimeout(() => ctx.emit(1), 1000);
        },
      }),
    'Cannot add process "p": its function calls setTimeout(); what it calls later runs outside of checkpoints; declare a timer',
  ],
  [
    'an arrow function that answers a promise',
    (orders) => orders.map((each) => Promise.resolve(each), 'm'),
    'Cannot add map "m": its function calls Promise; operators do not wait for the outside world; use asyncMap or asyncFlatMap',
  ],
  [
    'onTimer',
    (orders) =>
      byShop(orders).process('p', {
        output,
        timers: ['later'],
        onRecord,
        onTimer(_, ctx) {
          ctx.emit(new Date().getTime());
        },
      }),
    'of process "p"',
  ],
  [
    'an aggregate',
    (orders) => perMinute(orders).aggregate('w', { total: sum(() => performance.now()) }),
    'Cannot add aggregates.total.value of window "w": its function calls performance.now()',
  ],
  [
    'onWindow',
    (orders) =>
      perMinute(orders).process('w', {
        output,
        onWindow(_, ctx) {
          ctx.emit(Date.now());
        },
      }),
    'window "w": its function calls Date.now()',
  ],
  [
    'a trigger',
    (orders) =>
      byShop(orders)
        .window(globalWindow(), { trigger: triggers.delta(1, (_, now: OrderRecord) => Date.now() - now.at) })
        .aggregate('w', { n: count() }),
    'its function calls Date.now()',
  ],
  [
    'an evictor',
    (orders) =>
      byShop(orders)
        .window(tumbling('1 minute'), { evictor: evictors.delta(1, () => Math.random()) })
        .process('w', { output, onWindow: () => undefined }),
    'its function calls Math.random()',
  ],
  [
    'a reducing cell',
    (orders) =>
      byShop(orders).process('p', {
        output,
        state: { total: reducing(t.double, (left, right) => left + right * Math.random()) },
        onRecord,
      }),
    'process "p": its function calls Math.random()',
  ],
  [
    'an aggregating cell',
    (orders) =>
      byShop(orders).process('p', {
        output,
        state: {
          latest: aggregating(t.double, {
            init: () => Date.now(),
            add: (left) => left,
            result: (all) => all,
          }),
        },
        onRecord,
      }),
    'process "p": its function calls Date.now()',
  ],
  [
    'a connected function',
    (orders, others) =>
      orders.connect(others).process('c', {
        output,
        onFirst: onRecord,
        onSecond(_, ctx) {
          ctx.emit(Math.random());
        },
      }),
    'onSecond of co-process "c": its function calls Math.random()',
  ],
  [
    'a broadcast function',
    (orders, others) =>
      orders.connect(others.broadcast({ latest: map(t.string, t.double) })).process('b', {
        output,
        onRecord,
        onBroadcast(order, ctx) {
          ctx.broadcast.latest.set(order.shop, Date.now());
        },
      }),
    'onBroadcast of broadcast-process "b": its function calls Date.now()',
  ],
  [
    'an interval join',
    (orders, others) =>
      byShop(orders)
        .intervalJoin(byShop(others), { lower: '0 ms', upper: '1 minute' })
        .process('j', {
          output,
          onPair(_left, _right, ctx) {
            ctx.emit(Date.now());
          },
        }),
    'interval-join "j": its function calls Date.now()',
  ],
  [
    'a co-group',
    (orders, others) =>
      byShop(orders)
        .coGroup(byShop(others), tumbling('1 minute'))
        .process('g', {
          output,
          onWindow(_left, _right, ctx) {
            ctx.emit(Math.random());
          },
        }),
    'calls Math.random()',
  ],
  [
    'a condition of a pattern',
    (orders) =>
      byShop(orders).match(
        'm',
        pattern<OrderRecord>().begin('first', { where: (order) => order.at > Date.now() - 1000 }),
      ),
    'calls Date.now()',
  ],
  [
    'a time of assignTime',
    (orders) => orders.assignTime({ time: () => Date.now() }, 'now'),
    '"now": its function calls Date.now()',
  ],
  [
    'punctuated watermarks',
    (orders) => orders.assignTime({ watermark: punctuated(() => Date.now()) }),
    'Cannot add punctuated watermarks: its function calls Date.now()',
  ],
  [
    'a fallback of asyncMap',
    (orders) =>
      orders.asyncMap('look-up', {
        call: (order) => Promise.resolve(order),
        onTimeout: () => Date.now() as never,
      }),
    'onTimeout of async "look-up": its function calls Date.now()',
  ],
];

const declarations: readonly Row[] = [
  [
    'timers without onTimer',
    (orders) => byShop(orders).process('p', { output, timers: ['later'], onRecord }),
    'Cannot add timers "later" of process "p" without "onTimer": it needs a function, it was given undefined',
  ],
  [
    'no handler',
    // @ts-expect-error there is no handler
    (orders) => byShop(orders).process('p', { output }),
    'Cannot add process "p": it needs a function, it was given undefined',
  ],
  [
    'state per key without keys',
    // @ts-expect-error only operatorList is for streams without keys
    (orders) => orders.process('p', { output, state: { n: value(t.int) }, onRecord }),
    'Cannot add process "p": its state "n" is kept per key, and its stream has no keys; use keyBy before, or operatorList for the state',
  ],
  [
    'timers without keys',
    // @ts-expect-error timers belong to keys
    (orders) => orders.process('p', { output, timers: ['later'], onRecord, onTimer: onRecord }),
    'Cannot add process "p": it has timers "later" and no keys; use keyBy before',
  ],
  [
    'a keyed stream connected with one without keys',
    // @ts-expect-error both or neither
    (orders, others) => byShop(orders).connect(others),
    'Cannot connect another stream with',
  ],
  [
    'no aggregates',
    (orders) => perMinute(orders).aggregate('w', {}),
    'Cannot add window "w": it has no aggregates; give at least one, such as { records: count() }',
  ],
];

describe('a program is refused when its graph is built', () => {
  test.each(names)('where %s', refused);
  test.each(asynchronous)('where %s is async', refused);
  test.each(repeatable)('where the clock, chance or a timer of its own is asked in %s', refused);
  test.each(declarations)('where it declares %s', refused);

  test.each<Row>([
    ['a window', (orders) => perMinute(orders).aggregate('w', { n: count() }), 'Cannot add window "w": '],
    [
      'an interval join',
      (orders, others) =>
        byShop(orders)
          .intervalJoin(byShop(others), { lower: '0 ms', upper: '1 minute' })
          .process('j', { output, onPair: () => undefined }),
      'Cannot add interval-join "j": ',
    ],
    [
      'a pattern',
      (orders) => byShop(orders).match('m', pattern<OrderRecord>().begin('first')),
      'Cannot add match "m": ',
    ],
  ])('where %s is over records without event time', (_, build, sentence) => {
    expect(() => shop(build, untimed).build({})).toThrow(
      `${sentence}its records have no event time, since source "orders" has none; give the source a "time"`,
    );
  });

  function refused(_: string, build: Row[1], sentence: string): void {
    expect(() => shop(build).build({})).toThrow('Cannot build application "shop": ');
    expect(() => shop(build).build({})).toThrow(sentence);
  }
});

/** A function of the program's own, whose text is not that of the operator. */
const later = (): Promise<void> => Promise.resolve();

const order: OrderRecord = { shop: 'a', amount: 1, at: 1000 };

describe('a job fails at the first record, with the operator and the remedy,', () => {
  test.each<Row>([
    [
      'when a key is an object',
      // @ts-expect-error a key is a primitive or a tuple of them
      (orders) => orders.keyBy((each) => each).process('p', { output, onRecord }),
      'a key must be a string, number, boolean or bigint',
    ],
    [
      'when a key is null',
      // @ts-expect-error null is no key
      (orders) => orders.keyBy(() => null).process('p', { output, onRecord }),
      'a key must be a string, number, boolean or bigint',
    ],
    [
      'when a key is missing',
      (orders) =>
        orders.keyBy((each) => (each as { none?: string }).none!).process('p', { output, onRecord }),
      'a key must be a string, number, boolean or bigint',
    ],
    [
      'when undeclared state is used',
      (orders) =>
        byShop(orders).process('p', {
          output,
          state: { total: value(t.double) },
          onRecord(each, ctx) {
            // @ts-expect-error it is not declared
            ctx.state.totl.set(each.amount);
          },
        }),
      'Operator "p" failed: Cannot use state "totl": declare it in "state", which has total',
    ],
    [
      'when an undeclared timer is set',
      (orders) =>
        byShop(orders).process('p', {
          output,
          timers: ['later'],
          onRecord(each, ctx) {
            // @ts-expect-error it is not declared
            ctx.timers.latr.set(each.at);
          },
          onTimer: () => undefined,
        }),
      'Operator "p" failed: Cannot use timer "latr": declare it in "timers" or "processingTimers", which have later',
    ],
    [
      'when an undeclared side output is used',
      (orders) =>
        byShop(orders).process('p', {
          output,
          outputs: { late: t.string },
          onRecord(_, ctx) {
            // @ts-expect-error it is not declared
            ctx.side('lat', 'x');
          },
        }),
      'Operator "p" failed: Cannot emit to side output "lat": declare it in "outputs", which has late',
    ],
    [
      'when a handler answers a promise without being async',
      (orders) =>
        byShop(orders).process('p', {
          output,
          // @ts-expect-error handlers return undefined
          onRecord: () => later(),
        }),
      'Operator "p" failed: onRecord returned a promise; handlers are synchronous',
    ],
    [
      'when a record is no data',
      (orders) =>
        orders
          .map((each) => ({ ...each, later: () => each.at }))
          .keyBy((each) => each.shop)
          .process('p', { output, onRecord }),
      'records and state hold data only',
    ],
    [
      'when a record is a promise',
      (orders) =>
        orders
          .map(() => later(), 'm')
          .keyBy(() => 'all')
          .process('p', { output, onRecord }),
      'data only',
    ],
  ])('%s', (_, build, sentence) => {
    const program = application('shop', {
      build({ source }) {
        const stream = source('orders', timed);
        // What each row builds has one output at its end.
        (build(stream, stream) as Pick<Stream<never>, 'to'>).to(stubSink('out'));
      },
    });
    expect(() => testRun(program, {}, { orders: [order] })).toThrow(sentence);
  });
});

/** Mistakes that only the compiler sees; never run. */
export function refusedByTypes(orders: Orders): void {
  // @ts-expect-error an operator with state has no name
  byShop(orders).process({ output, onRecord });
  // @ts-expect-error a rolling sum of what is no number
  byShop(orders).sum('total', 'shop');
  byShop(orders).process('p', {
    output,
    timers: ['later'],
    onRecord(_, ctx) {
      // @ts-expect-error a timer of a name that is not declared
      ctx.timers.sooner.set(1);
    },
  });
  // @ts-expect-error a field that the records do not have
  byShop(orders).maxBy('largest', 'amout');
  // @ts-expect-error a field that the records do not have
  perMinute(orders).aggregate('w', { total: sum((each) => each.amout) });
  // @ts-expect-error keys of another type
  byShop(orders).connect(orders.keyBy((each) => each.at));
  perMinute(orders).process('w', {
    output: t.string,
    onWindow(records, ctx) {
      // @ts-expect-error an output of another type
      ctx.emit(records.length);
    },
  });
  // @ts-expect-error a record of another type
  orders.union(orders.map((order) => order.shop));
}
