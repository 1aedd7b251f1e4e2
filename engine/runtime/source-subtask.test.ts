import { describe, expect, it } from 'vitest';
import type { PolledBatch, Sink, Source, Split } from '../connectors/connector.ts';
import { operatorId } from '../data/operator-id.ts';
import { t } from '../data/built-in-types.ts';
import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import type { WatermarkStrategy } from '../operators/operator-definition.ts';
import { Deployment, type Run } from './job-runs.fixture.ts';

/** What a poll gives: records of a split with their times, and what could not be decoded. */
interface Scripted {
  readonly split: string;
  readonly records: readonly number[];
  readonly undecodable?: number;
  readonly finished?: boolean;
}

interface Script {
  readonly splits: readonly Split[];
  readonly polls: readonly Scripted[];
  readonly time?: (value: number) => number;
  readonly watermark?: WatermarkStrategy;
}

/** A source whose reader gives what a script says as soon as the split is there. */
function scriptedSource({ splits, polls, time }: Script): Source<number> {
  return {
    connector: 'script',
    options: {},
    schema: t.int,
    ...(time === undefined ? {} : { time }),
    enumerator: () => ({
      discoverEveryMs: 0,
      discover: (known) => Promise.resolve(splits.filter(({ id }) => !known.has(id))),
      close: () => Promise.resolve(),
    }),
    reader: () => {
      const [added, left] = [new Set<string>(), [...polls]];
      return {
        add: ({ id }) => void added.add(id),
        poll: (batch) => {
          const next = left[0];
          if (next === undefined || !added.has(next.split)) return undefined;
          left.shift();
          for (const [index, record] of next.records.entries()) {
            batch.values[index] = record;
            batch.times[index] = record;
          }
          batch.size = next.records.length;
          return polledOf(next);
        },
        onAvailable: () => undefined,
        positions: () => [...added].map((id) => ({ id, position: '1' })),
        close: () => Promise.resolve(),
      };
    },
  };
}

function polledOf({ split, undecodable = 0, finished = false }: Scripted): PolledBatch {
  const records = Array.from({ length: undecodable }, (_, index) => ({
    split,
    position: String(index),
    reason: 'not JSON',
    preview: '{',
  }));
  return { split, bytes: 10, finished, undecodable: records };
}

async function runOf(script: Script) {
  const written: unknown[] = [];
  const sink: Sink<never> = {
    connector: 'list',
    guarantee: 'at-least-once',
    options: {},
    writer: () => ({
      write: (value: unknown, time: number) => void written.push([value, time]),
      pending: 0,
      highWater: 0,
      flush: () => Promise.resolve(),
      onAvailable: () => undefined,
      close: () => Promise.resolve(),
    }),
  };
  const node = { state: [], description: {}, inputs: [] };
  const graph: DataflowGraph = {
    application: 'scripted',
    nodes: [
      {
        ...node,
        name: 'in',
        id: operatorId('in'),
        kind: 'source',
        schema: t.int,
        definition: {
          kind: 'source',
          // Definitions hold functions of any record; that they fit is the graph's to know.
          source: scriptedSource(script) as unknown as Source<unknown>,
          watermark: script.watermark ?? { outOfOrdernessMs: 0 },
        },
      },
      {
        ...node,
        name: 'out',
        id: operatorId('out'),
        kind: 'sink',
        inputs: [{ from: 'in', output: 'main', exchange: 'rebalance' }],
        definition: { kind: 'sink', sink },
      },
    ],
  };
  const application = { name: 'scripted', build: () => graph };
  const options = {
    application: { application },
    parallelism: 1,
    checkpointIntervalMs: 0,
    restart: { kind: 'none' } as const,
  };
  const run = await new Deployment().start({}, options);
  return { run, written };
}

/** The watermark that has come out of the source at the sink. */
function watermarkAt(run: Run): number | undefined {
  return run.job.status().vertices[1]?.subtasks[0]?.inputWatermark;
}

const open = (id: string): Split => ({ id, position: '' });

describe('a source', () => {
  it('gives records the time that their source reads from them, or that their reader knows', async () => {
    const script = { splits: [open('a')], polls: [{ split: 'a', records: [1, 2], finished: true }] };
    const own = await runOf(script);
    await own.run.toEnd();
    expect(own.written).toEqual([
      [1, 1],
      [2, 2],
    ]);
    const read = await runOf({ ...script, time: (value) => value * 100 });
    await read.run.toEnd();
    expect(read.written).toEqual([
      [1, 100],
      [2, 200],
    ]);
  });

  it('fails with the record in hand when its time is none', async () => {
    const { run } = await runOf({
      splits: [open('a')],
      polls: [{ split: 'a', records: [7] }],
      time: () => Number.NaN,
    });
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: { operator: 'in', record: '7', message: expect.stringContaining('its event time is NaN') },
    });
  });

  it('counts what cannot be decoded, keeps samples, and goes on', async () => {
    const polls = [
      { split: 'a', records: [1], undecodable: 25 },
      { split: 'a', records: [2], undecodable: 1, finished: true },
    ];
    const { run, written } = await runOf({ splits: [open('a')], polls });
    expect(await run.toEnd()).toMatchObject({ state: 'FINISHED' });
    expect(written.map((entry) => (entry as unknown[])[0])).toEqual([1, 2]);
    const { vertices, undecodable } = run.job.status();
    expect(vertices[0]?.subtasks[0]?.undecodableRecords).toBe(26);
    expect(undecodable.length).toBe(10);
    expect(undecodable[0]).toMatchObject({
      operator: 'in',
      subtask: 0,
      split: 'a',
      position: '0',
      reason: 'not JSON',
      preview: '{',
    });
  });

  it('sends the watermark of its slowest split as soon as it is drained', async () => {
    const polls = [
      { split: 'a', records: [5000] },
      { split: 'b', records: [2000] },
    ];
    const { run } = await runOf({ splits: [open('a'), open('b')], polls });
    await run.host.runFor(2500);
    expect(watermarkAt(run)).toBe(1999);
  });

  it('takes watermarks from records as soon as they are read, the lowest of its splits', async () => {
    const polls = [
      { split: 'a', records: [5000, 5001] },
      { split: 'b', records: [2000, 1] },
    ];
    const punctuated = (value: number) => (value % 1000 === 0 ? value : undefined);
    const splits = [open('a'), open('b')];
    const { run } = await runOf({ splits, polls, watermark: { punctuated } });
    await run.host.runFor(2500);
    expect(watermarkAt(run)).toBe(2000);
  });

  it('reads a split only after its parents', async () => {
    const splits = [open('parent'), { ...open('child'), parents: ['parent'] }];
    const polls = [
      { split: 'parent', records: [1], finished: true },
      { split: 'child', records: [2], finished: true },
    ];
    const { run, written } = await runOf({ splits, polls });
    expect(await run.toEnd()).toMatchObject({ state: 'FINISHED' });
    expect(written.map((entry) => (entry as unknown[])[0])).toEqual([1, 2]);
  });
});
