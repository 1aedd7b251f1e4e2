import { describe, expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { describeGraph } from '../graph/describe-graph.ts';
import type { MapState } from '../state/map-state.ts';
import { harness } from '../testing/harness.ts';
import { stubSink, stubSource } from '../testing/stub-connectors.ts';
import { application } from './application.ts';
import { list, map, operatorList, value } from './state-cells.ts';
import type { Stream } from './stream.ts';

const Payment = t.row({ card: t.string, amount: t.double });
const Rule = t.row({ name: t.string, limit: t.double });
interface Payment {
  readonly card: string;
  readonly amount: number;
}
interface Rule {
  readonly name: string;
  readonly limit: number;
}

/** Payments against limits; the rule `audit` tells the sum of every card, `reset` forgets it. */
function check(payments: Stream<Payment>, rules: Stream<Rule>): Stream<string> {
  return payments
    .keyBy((payment) => payment.card)
    .connect(rules.broadcast({ limits: map(t.string, t.double) }))
    .process('check', {
      output: t.string,
      state: { sum: value(t.double) },
      timers: ['end'],
      onRecord(payment, ctx) {
        ctx.state.sum.set((ctx.state.sum.get() ?? 0) + payment.amount);
        ctx.timers.end.set(100);
        for (const [name, limit] of ctx.broadcast.limits.entries()) {
          if (payment.amount > limit) ctx.emit(`${ctx.key} above ${name}`);
        }
      },
      onBroadcast(rule, ctx) {
        if (rule.name === 'audit') {
          ctx.forEachKey('sum', (card, sum) => {
            ctx.emit(`${card} has ${sum.get()}`);
          });
        } else if (rule.name === 'reset') {
          ctx.forEachKey('sum', (_card, sum) => {
            sum.clear();
            if (rule.limit > 0) sum.set(rule.limit);
          });
        } else {
          ctx.broadcast.limits.set(rule.name, rule.limit);
        }
      },
      onTimer(_, ctx) {
        ctx.emit(`${ctx.key} ends under ${ctx.broadcast.limits.size} rules`);
      },
    });
}

const cards = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('a broadcast stream', () => {
  test('reaches every subtask, and its state is the same in those that a restart adds', () => {
    const fraud = harness(check, { parallelism: 2 });
    fraud.pushSecond({ name: 'small', limit: 10 }, 0);
    expect(fraud.state('check', 'limits', '')).toEqual(new Map([['small', 10]]));
    fraud.restore(fraud.snapshot(), { parallelism: 4 });
    cards.forEach((card) => fraud.push({ card, amount: 11 }, 1));
    expect(fraud.output()).toEqual(cards.map((card) => `${card} above small`));
    fraud.pushSecond({ name: 'small', limit: 12 }, 2);
    fraud.restore(fraud.snapshot(), { parallelism: 1 });
    cards.forEach((card) => fraud.push({ card, amount: 12.5 }, 3));
    expect(fraud.output()).toEqual(cards.map((card) => `${card} above small`));
    fraud.watermark(100);
    expect(fraud.output().toSorted()).toEqual(cards.map((card) => `${card} ends under 1 rules`));
  });

  test('goes through all keys that have a cell, and may change it meanwhile', () => {
    const fraud = harness(check, { parallelism: 3 });
    cards.forEach((card) => fraud.push({ card, amount: 5 }, 1));
    fraud.pushSecond({ name: 'audit', limit: 0 }, 2);
    expect(fraud.output().toSorted()).toEqual(cards.map((card) => `${card} has 5`));
    fraud.pushSecond({ name: 'reset', limit: 7 }, 3);
    fraud.pushSecond({ name: 'audit', limit: 0 }, 4);
    expect(fraud.output().toSorted()).toEqual(cards.map((card) => `${card} has 7`));
    fraud.pushSecond({ name: 'reset', limit: 0 }, 5);
    fraud.pushSecond({ name: 'audit', limit: 0 }, 6);
    expect(fraud.output()).toEqual([]);
    expect(fraud.state('check', 'sum', 'a')).toBeUndefined();
  });

  test('is for reading only where records come', () => {
    const change = (how: (limits: MapState<string, number>) => void) => {
      const fraud = harness((payments: Stream<Payment>, rules: Stream<Rule>) =>
        payments.connect(rules.broadcast({ limits: map(t.string, t.double) })).process('check', {
          output: t.string,
          onRecord(_, ctx) {
            how(ctx.broadcast.limits as MapState<string, number>); // as a program without types may
          },
          onBroadcast: () => undefined,
        }),
      );
      return () => fraud.push({ card: 'a', amount: 1 });
    };
    const reason =
      'only "onBroadcast" may, since it runs alike in every subtask and so keeps their copies the same';
    expect(change((limits) => limits.set('x', 1))).toThrow(
      `Operator "check" failed: Cannot set an entry of broadcast state "limits" here: ${reason}`,
    );
    expect(change((limits) => limits.delete('x'))).toThrow(
      'Cannot delete an entry of broadcast state "limits"',
    );
    expect(change((limits) => limits.clear())).toThrow('Cannot clear broadcast state "limits" here');
  });

  test('is declared with its state', () => {
    const { nodes } = describeGraph(graphOf(check));
    expect(nodes[2]).toMatchObject({
      kind: 'broadcast-process',
      inputs: [
        { from: 'payments', exchange: 'hash' },
        { from: 'rules', exchange: 'broadcast' },
      ],
      state: [
        { name: 'sum', kind: 'value' },
        { name: 'limits', kind: 'broadcast', schema: 'MAP<STRING, DOUBLE>' },
      ],
    });
  });

  test('is refused where its state is no plain map of its own name', () => {
    const output = t.string;
    const handlers = { onRecord: (): undefined => undefined, onBroadcast: (): undefined => undefined };
    const using =
      (maps: object, state = {}) =>
      () =>
        graphOf((payments, rules) =>
          payments
            .keyBy((payment) => payment.card)
            .connect(rules.broadcast(maps as { limits: ReturnType<typeof map<string, number>> }))
            .process('check', { output, state, ...handlers }),
        );
    expect(using({ limits: list(t.double) })).toThrow(
      'Cannot add broadcast-process "check": broadcast state "limits" is a list; declare it as map(key, value)',
    );
    expect(using({ limits: map(t.string, t.double, { ttl: '1 day' }) })).toThrow(
      'broadcast state "limits" has a time to live, and the clocks of subtasks differ; remove entries in "onBroadcast" instead',
    );
    expect(using({ limits: map(t.string, t.double) }, { limits: value(t.int) })).toThrow(
      'broadcast state "limits" has the name of a cell in "state"; call one of them otherwise',
    );
  });
});

function graphOf(build: (payments: Stream<Payment>, rules: Stream<Rule>) => Pick<Stream<never>, 'to'>) {
  return application('fraud', {
    build({ source }) {
      const payments = source('payments', stubSource(Payment));
      const rules = source('rules', stubSource(Rule));
      build(payments, rules).to(stubSink('out'), 'out');
    },
  }).build({});
}

/** Mistakes that TypeScript refuses; never run. */
export function refusedByTypes(payments: Stream<Payment>, rules: Stream<Rule>): void {
  const limits = rules.broadcast({ limits: map(t.string, t.double) });
  const both = payments.keyBy((payment) => payment.card).connect(limits);
  const [output, nothing] = [t.string, (): undefined => undefined];
  const state = { sum: value(t.double) };
  // @ts-expect-error broadcast state is made of maps
  rules.broadcast({ limits: list(t.double) });
  // @ts-expect-error records only read it
  both.process('a', { output, onRecord: (_, ctx) => ctx.broadcast.limits.set('x', 1), onBroadcast: nothing });
  // @ts-expect-error there is no key where rules come, so no cell
  both.process('b', { output, state, onRecord: nothing, onBroadcast: (_, ctx) => ctx.state.sum.clear() });
  both.process('c', {
    output,
    timers: ['x'],
    onRecord: nothing,
    // @ts-expect-error nor a timer
    onBroadcast: (_, ctx) => ctx.timers.x.set(1),
  });
  both.process('d', {
    output,
    state,
    onRecord: nothing,
    onBroadcast(_, ctx) {
      // @ts-expect-error no such cell
      ctx.forEachKey('total', nothing);
      // @ts-expect-error a limit is a number
      ctx.broadcast.limits.set('x', 'y');
    },
  });
  payments.connect(limits).process('e', {
    output,
    state: { seen: operatorList(t.string) },
    onRecord: nothing,
    // @ts-expect-error without keys there are none to go through
    onBroadcast: (_, ctx) => ctx.forEachKey('seen', nothing),
  });
}
