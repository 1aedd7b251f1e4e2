/**
 * A small application for the tests of the runtime: payments of several splits, counted per country and minute.
 */
import type { Sink, Source } from '../connectors/connector.ts';
import { generator } from '../connectors/generator/index.ts';
import { operatorId } from '../data/operator-id.ts';
import { t } from '../data/built-in-types.ts';
import type { DataflowEdge, DataflowGraph, DataflowNode } from '../graph/dataflow-graph.ts';
import type { OperatorDefinition } from '../operators/operator-definition.ts';
import type { RunnableApplication } from './application-ref.ts';

export interface Payment {
  readonly country: string;
  readonly amount: number;
  readonly at: number;
}

export interface CountingOptions {
  readonly splits: number;
  /** Payments per split. */
  readonly count: number;
  readonly ratePerSecond?: number;
  /** Sees every payment before it is counted; may throw. */
  readonly watch?: (payment: Payment) => void;
  readonly sink: Sink<never>;
  readonly sinkName?: string;
}

export const MINUTE_MS = 60_000;
const START = 1_700_000_040_000;
const DISORDER_MS = 3000;
const paymentType = t.row({ country: t.string, amount: t.double, at: t.instant });

/** Out of order by up to three seconds, two a second. */
export function paymentOf(index: number, split: number): Payment {
  const noise = (Math.imul(index * 7 + split + 1, 2_654_435_761) >>> 0) % 1_000_003;
  return { country: `C${noise % 13}`, amount: noise % 100, at: START + index * 500 - (noise % DISORDER_MS) };
}

export function countingApplication(options: CountingOptions): RunnableApplication {
  return { name: 'counting', build: () => countingGraph(options) };
}

export function countingGraph({
  splits,
  count,
  ratePerSecond,
  watch,
  sink,
  sinkName = 'totals',
}: CountingOptions): DataflowGraph {
  const source = generator({
    schema: paymentType,
    record: paymentOf,
    time: ({ at }) => at,
    count,
    splits,
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  });
  const nodes: DataflowNode[] = [
    // Definitions hold functions of any record; that they fit is the graph's to know.
    node(
      'payments',
      [],
      {
        kind: 'source',
        source: source as unknown as Source<unknown>,
        watermark: { outOfOrdernessMs: DISORDER_MS },
      },
      { schema: paymentType },
    ),
    node(
      'watch',
      [edge('payments', 'forward')],
      { kind: 'map', map: watched(watch) },
      { schema: paymentType },
    ),
    node(
      'per-country',
      [{ ...edge('watch', 'hash'), key: ({ country }: Payment) => country }],
      {
        kind: 'window',
        assigner: { kind: 'tumbling', sizeMs: MINUTE_MS, offsetMs: 0 },
        latenessMs: 0,
        aggregates: {
          payments: { kind: 'count' },
          volume: { kind: 'sum', value: ({ amount }: Payment) => amount },
        },
      },
      { state: [{ name: 'windows', kind: 'windows', schema: t.row({ payments: t.int, volume: t.double }) }] },
    ),
    node(sinkName, [edge('per-country', 'forward')], { kind: 'sink', sink }),
  ];
  return { application: 'counting', nodes };
}

/**
 * What the totals must be in the end, counted straight from the payments: `country/minute` → `payments/volume`.
 */
export function expectedTotals(splits: number, count: number): ReadonlyMap<string, string> {
  const totals = new Map<string, { payments: number; volume: number }>();
  for (let split = 0; split < splits; split += 1) {
    for (let index = 0; index < count; index += 1) {
      const { country, amount, at } = paymentOf(index, split);
      const key = `${country}/${Math.floor(at / MINUTE_MS) * MINUTE_MS}`;
      const total = totals.get(key) ?? { payments: 0, volume: 0 };
      totals.set(key, { payments: total.payments + 1, volume: total.volume + amount });
    }
  }
  return new Map(
    [...totals].map(([key, { payments, volume }]) => [key, `${payments}/${volume}`] as const).sort(byKey),
  );
}

/** A table that takes upserts some time after they are written, and survives the jobs that write it. */
export class TotalsTable {
  readonly #rows = new Map<string, string>();
  writes = 0;

  get rows(): ReadonlyMap<string, string> {
    return new Map([...this.#rows].sort(byKey));
  }

  /** `delayMs` passes between the write and its effect; a job that is gone by then has not written. */
  sink(delayMs: number): Sink<never> {
    return {
      connector: 'totals',
      guarantee: 'effectively-once',
      options: {},
      writer: (host) => {
        let buffer: Total[] = [];
        let inFlight = 0;
        const writes = new Set<Promise<void>>();
        let closed = false;
        let wake: () => void = () => undefined;
        const flush = () => {
          const [batch, { promise, resolve }] = [buffer, Promise.withResolvers<void>()];
          buffer = [];
          inFlight += batch.length;
          writes.add(promise);
          void promise.then(() => writes.delete(promise));
          host.schedule(Math.floor(host.random() * (delayMs + 1)), () => {
            if (closed) return;
            for (const total of batch) this.#upsert(total);
            inFlight -= batch.length;
            resolve();
            wake();
          });
          return promise;
        };
        return {
          write: (value: Total) => {
            buffer.push(value);
            if (buffer.length >= 8) void flush();
          },
          get pending() {
            return buffer.length + inFlight;
          },
          highWater: 32,
          // A write that is on its way already may take longer than the one that is made now.
          flush: async () => {
            await flush();
            await Promise.all(writes);
          },
          onAvailable: (task) => {
            wake = task;
          },
          close: () => {
            closed = true;
            return Promise.resolve();
          },
        };
      },
    };
  }

  #upsert({ key, start, payments, volume }: Total): void {
    this.writes += 1;
    this.#rows.set(`${key}/${start}`, `${payments}/${volume}`);
  }
}

interface Total {
  readonly key: string;
  readonly start: number;
  readonly payments: number;
  readonly volume: number;
}

function byKey(left: readonly [string, string], right: readonly [string, string]): number {
  return left[0] < right[0] ? -1 : 1;
}

function watched(watch: ((payment: Payment) => void) | undefined) {
  return (payment: Payment): Payment => {
    watch?.(payment);
    return payment;
  };
}

function edge(from: string, exchange: DataflowEdge['exchange']): DataflowEdge {
  return { from, output: 'main', exchange };
}

function node(
  name: string,
  inputs: readonly DataflowEdge[],
  definition: OperatorDefinition,
  more: Partial<Pick<DataflowNode, 'schema' | 'state'>> = {},
): DataflowNode {
  return {
    name,
    id: operatorId(name),
    kind: definition.kind,
    inputs,
    state: [],
    description: {},
    definition,
    ...more,
  };
}
