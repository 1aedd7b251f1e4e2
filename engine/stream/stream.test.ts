import { describe, expect, test } from 'vitest';
import type { Sink } from '../connectors/connector.ts';
import type { Duration } from '../data/duration.ts';
import type { Infer } from '../data/schema.ts';
import { t } from '../data/built-in-types.ts';
import { describeGraph } from '../graph/describe-graph.ts';
import { jobGraph } from '../graph/job-graph.ts';
import { harness } from '../testing/harness.ts';
import { stubSink, stubSource } from '../testing/stub-connectors.ts';
import { count, sum } from './aggregates.ts';
import { application, type Build, type Undecodable } from './application.ts';
import type { None } from './process-spec.ts';
import { operatorList, value } from './state-cells.ts';
import type { Stream, StreamWithSides } from './stream.ts';
import { sliding, tumbling } from './windows.ts';

const Payment = t.row({ card: t.string, amount: t.double, at: t.instant });
type Payments = StreamWithSides<Infer<typeof Payment>, { readonly undecodable: Stream<Undecodable> }>;

/** Builds a program around one source and gives its graph. */
function graphOf(build: (payments: Payments) => void) {
  return application('cards', {
    build({ source }) {
      build(payments(source));
    },
  }).build({});
}

function payments(source: Build<None>['source']): Payments {
  return source(
    'payments',
    stubSource(Payment, (p) => p.at),
    { watermark: '5 seconds', idle: '30 seconds' },
  );
}

describe('a rebalanced stream', () => {
  test('crosses to what follows in turn, also where subtasks are as many', () => {
    const graph = graphOf((all) => {
      all
        .rebalance()
        .map((p) => p.amount, 'amounts')
        .filter((amount) => amount > 0, 'positive')
        .to(stubSink('out'), 'out');
    });
    const { vertices, edges } = jobGraph(graph, { parallelism: 2 });
    expect(vertices.map(({ name }) => name)).toEqual(['payments', 'amounts -> positive -> out']);
    expect(edges.map(({ exchange }) => exchange)).toEqual(['rebalance']);
  });

  test('is dealt out to all subtasks, wherever its records came in', () => {
    const run = harness<number, number>(
      (numbers) =>
        numbers
          .keyBy(() => 'all')
          .process('one', {
            output: t.int,
            onRecord(n, ctx) {
              ctx.emit(n);
            },
          })
          .rebalance()
          .process('seen', {
            output: t.int,
            state: { seen: operatorList(t.int) },
            onRecord(n, ctx) {
              ctx.state.seen.push(n);
              ctx.emit(ctx.state.seen.length);
            },
          }),
      { parallelism: 2 },
    );
    [1, 2, 3, 4].forEach((n) => run.push(n));
    expect(run.output()).toEqual([1, 1, 2, 2]);
  });
});

describe('a graph', () => {
  const graph = graphOf((all) => {
    const rows = all
      .filter((p) => p.amount > 0)
      .keyBy((p) => p.card)
      .window(tumbling('1 minute'), { lateness: '2 minutes', early: '1 second' })
      .aggregate('per-card', { n: count(), total: sum((p) => p.amount) });
    rows.map((row) => row.total).to(stubSink('totals'));
    rows.sides.late.to(stubSink('late'), 'late');
    all.to(stubSink('lake'), 'lake');
  });

  test('describes itself as data', () => {
    const { nodes } = describeGraph(graph);
    expect(nodes.map(({ name, kind }) => [name, kind])).toEqual([
      ['payments', 'source'],
      ['payments.filter', 'filter'],
      ['per-card', 'window'],
      ['per-card.map', 'map'],
      ['per-card.map.stub', 'sink'],
      ['late', 'sink'],
      ['lake', 'sink'],
    ]);
    expect(nodes[0]?.description).toEqual({ connector: 'stub', watermark: '5 seconds', idle: '30 seconds' });
    expect(nodes[2]).toMatchObject({
      inputs: [{ from: 'payments.filter', output: 'main', exchange: 'hash' }],
      state: [{ name: 'windows', kind: 'windows', schema: 'ROW<`n:count` DOUBLE, `total:sum` DOUBLE>' }],
      description: {
        window: 'tumbling 1 minute',
        aggregates: 'n, total',
        lateness: '2 minutes',
        early: '1 second',
      },
    });
    expect(JSON.parse(JSON.stringify(nodes))).toEqual(nodes);
  });

  test('is chained wherever records stay in their subtask', () => {
    const { vertices, edges } = jobGraph(graph, { parallelism: 2 });
    expect(vertices.map(({ name, parallelism }) => [name, parallelism])).toEqual([
      ['payments -> payments.filter -> lake', 2],
      ['per-card -> per-card.map -> per-card.map.stub -> late', 2],
    ]);
    expect(edges.map(({ node, targetNode, exchange }) => [node, targetNode, exchange])).toEqual([
      ['payments.filter', 'per-card', 'hash'],
    ]);
    expect(vertices[0]?.outputs[0]).toBe(vertices[1]?.inputs[0]);
  });

  test('refuses a parallelism above the max parallelism', () => {
    expect(() => jobGraph(graph, { parallelism: 9, maxParallelism: 8 })).toThrow(
      'Cannot run application "cards": parallelism 9 is not between 1 and the max parallelism 8',
    );
  });

  test('joins streams of several sources, which are chains of their own', () => {
    const joined = application('joined', {
      build({ source }) {
        const more = source('more', stubSource(Payment));
        payments(source).union(more).to(stubSink('all'), 'all');
      },
    }).build({});
    const { vertices, edges } = jobGraph(joined, { parallelism: 1 });
    expect(vertices.map(({ name }) => name)).toEqual(['more', 'payments', 'payments.union -> all']);
    expect(edges.map(({ node, exchange }) => [node, exchange])).toEqual([
      ['payments', 'forward'],
      ['more', 'forward'],
    ]);
  });
});

describe('a program is refused', () => {
  test('when two operators have one name', () => {
    expect(() =>
      graphOf((all) => {
        all
          .keyBy((p) => p.card)
          .window(tumbling('1 minute'))
          .aggregate('w', { n: count() });
        all
          .keyBy((p) => p.card)
          .window(tumbling('1 hour'))
          .aggregate('w', { n: count() });
      }),
    ).toThrow(
      'Cannot build application "cards": Cannot add window "w": a window has this name already; names are the identity of state, so give this one another',
    );
  });

  test('when an operator with state has no name', () => {
    expect(() =>
      graphOf((all) =>
        all
          .keyBy((p) => p.card)
          .window(tumbling('1 minute'))
          .aggregate('', { n: count() }),
      ),
    ).toThrow('Cannot add a window without a name: the name is the identity of its state');
  });

  test('when a handler is async', () => {
    expect(() => graphOf((all) => all.map(async (p) => p.card, 'look-up'))).toThrow(
      'Cannot add map "look-up": its function is async',
    );
    expect(() =>
      graphOf((all) =>
        all
          .keyBy((p) => p.card)
          .process('p', {
            output: t.int,
            // @ts-expect-error handlers return undefined
            async onRecord(_, ctx) {
              ctx.emit(1);
            },
          }),
      ),
    ).toThrow('Cannot add process "p": its function is async');
  });

  test('when an aggregate hides a field of the row, or there is none', () => {
    expect(() =>
      graphOf((all) =>
        all
          .keyBy((p) => p.card)
          .window(tumbling('1 minute'))
          .aggregate('w', { start: count() }),
      ),
    ).toThrow(
      'Cannot add window "w": aggregate "start" would hide the row\'s own field of that name; call it otherwise',
    );
    expect(() =>
      graphOf((all) =>
        all
          .keyBy((p) => p.card)
          .window(tumbling('1 minute'))
          .aggregate('w', {}),
      ),
    ).toThrow('it has no aggregates');
  });

  test('when a timer has no handler', () => {
    expect(() =>
      graphOf((all) =>
        all
          .keyBy((p) => p.card)
          .process('p', { output: t.int, timers: ['check'], onRecord: () => undefined }),
      ),
    ).toThrow(
      'Cannot add timers "check" of process "p" without "onTimer": it needs a function, it was given undefined',
    );
  });

  test('when windows make no sense', () => {
    expect(() => tumbling('0 ms')).toThrow('Cannot use window size of "0 ms": it must be above zero');
    expect(() => sliding('10 seconds', '5 seconds', { offset: '5 seconds' })).toThrow(
      'Cannot use window offset "5 seconds": it must be shorter than 5000 ms',
    );
  });

  test('when it has no source, and when its build throws, with its name and the cause', () => {
    expect(() => application('empty', { build: () => undefined }).build({})).toThrow(
      'Cannot build application "empty": it has no source',
    );
    const cause = new Error('no such stream');
    const thrown = application('broken', {
      build() {
        throw cause;
      },
    });
    expect(() => thrown.build({})).toThrow(
      expect.objectContaining({ message: 'Cannot build application "broken": no such stream', cause }),
    );
    expect(() => application('Not A Name', { build: () => undefined })).toThrow(
      'Cannot declare application "Not A Name": its name must be lower-case letters',
    );
  });

  test('when its configuration is wrong, with the path of every fault', () => {
    const configured = application('configured', {
      config: t.row({ table: t.string, limits: t.row({ perDay: t.int }) }),
      build({ source }) {
        payments(source);
      },
    });
    const wrong = { tabel: 'x', limits: { perDay: 'many' } } as unknown as {
      table: string;
      limits: { perDay: number };
    };
    expect(() => configured.build(wrong)).toThrow(
      'Cannot build application "configured": configuration field "table" is missing; it must be a string; "limits.perDay" must be an integer, is "many"; "tabel" is unknown; the fields are table, limits',
    );
    expect(configured.configurationSchema).toMatchObject({ type: 'object', required: ['table', 'limits'] });
  });
});

/** Mistakes that TypeScript refuses; never run. */
export function refusedByTypes(all: Payments): void {
  const byCard = all.keyBy((p) => p.card);
  const output = t.int;
  byCard.process('a', {
    output,
    onRecord(_, ctx) {
      // @ts-expect-error wrong type of output
      ctx.emit('x');
    },
  });
  const state = { n: value(t.int) };
  // @ts-expect-error unknown state cell
  byCard.process('b', { output, state, onRecord: (_, ctx) => void ctx.state.m.get() });
  // @ts-expect-error unknown timer
  byCard.process('c', { output, timers: ['x'], onRecord: (_, ctx) => void ctx.timers.y.cancel() });
  const outputs = { late: t.string };
  byCard.process('d', {
    output,
    outputs,
    onRecord(_, ctx) {
      // @ts-expect-error side output of another type
      ctx.side('late', 1);
    },
  });
  // @ts-expect-error a key is a primitive
  all.keyBy((p) => p);
  // @ts-expect-error no such unit of time
  const parsecs: Duration = '5 parsecs';
  const rows = byCard.window(tumbling('1 minute')).aggregate('w', { n: count() });
  // @ts-expect-error the sink reads a field that the row lacks
  rows.to({} as Sink<{ volume: number }>);
  // @ts-expect-error the time of a source is a number
  stubSource(t.row({ at: t.string }), (row) => row.at);
  void parsecs;
}
