import { describe, expect, test } from 'vitest';
import type { SinkWriter } from '../connectors/connector.ts';
import { type RecordBatch, recordBatch } from '../data/record-batch.ts';
import { jobGraph } from '../graph/job-graph.ts';
import { application } from '../stream/application.ts';
import { count } from '../stream/aggregates.ts';
import { value } from '../stream/state-cells.ts';
import type { Stream } from '../stream/stream.ts';
import { tumbling } from '../stream/windows.ts';
import { stubSink, pushedSource } from '../testing/stub-connectors.ts';
import { t } from '../data/built-in-types.ts';
import type { ChainNode, ChainVertex, EdgeWriter } from './chain.ts';
import { consumersOf, type ChainLinks } from './chain-links.ts';
import { closureCompiler } from './closure-chain.ts';
import { generatedCompiler } from './generated-chain.ts';
import { openChain } from './open-chain.ts';
import { isOperatorError, OperatorError } from './operator-error.ts';

const Number64 = t.row({ n: t.int });

/** The head chain of a program that ends in sinks, side by side with the chain's own map of who reads what. */
function headOf(build: (numbers: Stream<{ n: number }>) => void): ChainVertex {
  const program = application('chain', {
    build({ source }) {
      build(source('numbers', pushedSource(Number64)));
    },
  });
  const [vertex] = jobGraph(program.build({}), { parallelism: 1 }).vertices;
  if (vertex === undefined) {
    throw new Error('a graph has a vertex');
  }
  return vertex;
}

function batchOf(numbers: readonly number[]): RecordBatch {
  const batch = recordBatch();
  numbers.forEach((n, index) => {
    batch.values[index] = { n };
    batch.times[index] = n;
  });
  batch.size = numbers.length;
  return batch;
}

function writerInto(out: unknown[], name: string): SinkWriter<unknown> {
  return {
    write: (record, time) => out.push([name, record, time]),
    pending: 0,
    highWater: 1,
    flush: () => Promise.resolve(),
    onAvailable: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** What a compiler makes of a stateless chain: everything written, in order, and all counters. */
function compiled(
  vertex: ChainVertex,
  compiler: typeof generatedCompiler,
  numbers: readonly number[],
): unknown {
  const out: unknown[] = [];
  const edge: EdgeWriter = { write: (record, time) => out.push(['edge', record, time]) };
  const links: ChainLinks = {
    name: vertex.name,
    edges: vertex.outputs.map(() => edge),
    nodes: vertex.nodes.map((node) => ({
      node,
      consumers: consumersOf(vertex, node),
      sink: writerInto(out, node.name),
      metrics: {
        operatorId: '',
        operatorName: node.name,
        recordsIn: 0,
        recordsOut: 0,
        lateRecords: 0,
        stateEntries: 0,
        stateBytes: 0,
        currentWatermark: 0,
      },
    })),
  };
  let failure: unknown;
  try {
    compiler(links).loop(undefined, 0)(batchOf(numbers));
  } catch (error) {
    failure = error instanceof OperatorError ? [error.message, error.record] : error;
  }
  return {
    out,
    failure,
    counters: links.nodes.map(({ metrics: { recordsIn, recordsOut } }) => [recordsIn, recordsOut]),
  };
}

describe('a generated chain does what its closure twin does', () => {
  const chains: Record<string, (numbers: Stream<{ n: number }>) => void> = {
    'map and filter': (s) =>
      s
        .map(({ n }) => n * 2)
        .filter((n) => n % 3 !== 0)
        .to(stubSink('a'), 'a'),
    'a tree with a flat map and an edge': (s) => {
      const twice = s.flatMap(({ n }) => [n, -n], 'twice');
      twice
        .filter((n) => n > 2)
        .map((n) => ({ n }))
        .to(stubSink('a'), 'a');
      twice.to(stubSink('b'), 'b');
      s.keyBy(({ n }) => n)
        .window(tumbling('1 minute'))
        .aggregate('w', { n: count() })
        .to(stubSink('c'), 'c');
    },
    'forty operators, more than one function takes': (s) => {
      let stream: Stream<number> = s.map(({ n }) => n);
      for (let index = 0; index < 39; index++) {
        stream = stream.map((n) => n + index, `add-${index}`);
      }
      stream.to(stubSink('a'), 'a');
    },
    'an operator that throws over the fourth record': (s) => {
      const checked = s.map(({ n }) => {
        if (n === 4) {
          throw new Error('four');
        }
        return n;
      }, 'check');
      checked.to(stubSink('a'), 'a');
    },
  };

  test.each(Object.entries(chains))('%s', (_, build) => {
    const vertex = headOf(build);
    const generated = compiled(vertex, generatedCompiler, [1, 2, 3, 4, 5, 6]);
    expect(generated).toEqual(compiled(vertex, closureCompiler, [1, 2, 3, 4, 5, 6]));
    expect(JSON.stringify(generated)).toContain('"a"');
  });
});

test('a name cannot become code', () => {
  const evil = 'x\n}; globalThis.__evil = 1; //*/`${1}\'"\u2028';
  const vertex = headOf((s) => s.map((r) => r, evil).to(stubSink('a'), 'a'));
  compiled(vertex, generatedCompiler, [1]);
  expect('__evil' in globalThis).toBe(false);
});

describe('an operator that throws', () => {
  function open(build: (numbers: Stream<{ n: number }>) => void, index: number, out: unknown[] = []) {
    const program = application('chain', {
      build({ source }) {
        build(source('numbers', pushedSource(Number64)));
      },
    });
    const vertex = jobGraph(program.build({}), { parallelism: 1 }).vertices[index];
    return openChain(vertex as ChainVertex, {
      subtask: 0,
      clock: { now: () => 0 },
      random: () => 0,
      time: { watermark: () => undefined, idle: () => undefined },
      wake: () => undefined,
      outputs: [],
      sinkWriter: (node: ChainNode) => writerInto(out, node.name),
    });
  }

  function errorOf(run: () => void): OperatorError {
    try {
      run();
    } catch (error) {
      if (isOperatorError(error)) {
        return error;
      }
      throw error;
    }
    throw new Error('nothing was thrown');
  }

  test('is named with its record and its cause', () => {
    const cause = new Error('no such currency');
    const chain = open((s) => {
      const converted = s.map((): number => {
        throw cause;
      }, 'to-eur');
      converted.to(stubSink('a'), 'a');
    }, 0);
    const error = errorOf(() => chain.processBatch(0, batchOf([7])));
    expect(error).toMatchObject({
      operator: 'to-eur',
      record: '{"n":7}',
      key: undefined,
      cause,
      message: 'Operator "to-eur" failed: no such currency',
    });
  });

  test('is named with its key when it is keyed, and so is the one behind it', () => {
    const failing = (s: Stream<{ n: number }>): void => {
      s.keyBy(({ n }) => n % 2)
        .process('odd', {
          output: t.int,
          onRecord({ n }, ctx) {
            if (n === 3) {
              throw new Error('three');
            }
            ctx.emit(n);
          },
        })
        .filter((n) => {
          if (n === 4) {
            throw new Error('four');
          }
          return true;
        }, 'behind')
        .to(stubSink('a'), 'a');
    };
    expect(errorOf(() => open(failing, 1).processBatch(0, batchOf([3])))).toMatchObject({
      operator: 'odd',
      key: '1',
    });
    expect(errorOf(() => open(failing, 1).processBatch(0, batchOf([4])))).toMatchObject({
      operator: 'behind',
      record: '4',
    });
  });

  test('from a timer is named with the timer', () => {
    const chain = open((s) => {
      s.keyBy(({ n }) => n)
        .process('late', {
          output: t.int,
          timers: ['check'],
          onRecord(_, ctx) {
            ctx.timers.check.set(5);
          },
          onTimer() {
            throw new Error('too late');
          },
        })
        .to(stubSink('a'), 'a');
    }, 1);
    chain.processBatch(0, batchOf([1]));
    expect(errorOf(() => chain.processWatermark(5))).toMatchObject({
      operator: 'late',
      record: 'timer "check" at 5',
      key: '1',
    });
  });

  test('a handler that returns a promise is refused at its first record', () => {
    const later = (() => Promise.resolve()) as unknown as () => undefined; // what a program in plain JavaScript may do
    const chain = open((s) => {
      s.keyBy(({ n }) => n)
        .process('p', { output: t.int, state: { n: value(t.int) }, onRecord: () => later() })
        .to(stubSink('a'), 'a');
    }, 1);
    expect(errorOf(() => chain.processBatch(0, batchOf([1]))).message).toContain(
      'onRecord returned a promise; handlers are synchronous',
    );
  });

  test('a preview of a record is cut', () => {
    const chain = open((s) => {
      const long = s
        .map(() => 'x'.repeat(2000), 'long')
        .map((): number => {
          throw new Error('no');
        }, 'boom');
      long.to(stubSink('a'), 'a');
    }, 0);
    const error = errorOf(() => chain.processBatch(0, batchOf([1])));
    expect(error.operator).toBe('boom');
    expect(error.record.length).toBeLessThanOrEqual(500);
  });

  test('counters say how many records every operator took and gave', () => {
    const chain = open((s) => {
      s.filter(({ n }) => n > 2, 'large').to(stubSink('a'), 'a');
    }, 0);
    chain.processBatch(0, batchOf([1, 2, 3, 4]));
    const counters = chain.metrics.operators.map(({ operatorName, recordsIn, recordsOut }) => [
      operatorName,
      recordsIn,
      recordsOut,
    ]);
    expect(counters).toEqual([
      ['numbers', 4, 4],
      ['large', 4, 2],
      ['a', 2, 0],
    ]);
  });
});
