import { setImmediate as nextTurn } from 'node:timers/promises';
import { BATCH_SIZE, MAX_WATERMARK, type RecordBatch, recordBatch } from '../engine/data/record-batch.ts';
import { jsonDecoder } from '../engine/connectors/formats/json.ts';
import { application, count, type Infer, sum, t, tumbling } from '../engine/index.ts';
import { jobGraph, type JobVertex } from '../engine/graph/job-graph.ts';
import type { Chain } from '../engine/operators/chain.ts';
import { openChain } from '../engine/operators/open-chain.ts';
import { stubSink, stubSource } from '../engine/testing/stub-connectors.ts';
import { type Benchmark, type Measurement, median } from './benchmark.ts';

const Payment = t.row({
  id: t.string,
  country: t.string,
  amount: t.double,
  currency: t.enum('EUR', 'GBP', 'CHF'),
  at: t.instant,
});
type Payment = Infer<typeof Payment>;

const RATES = { EUR: 1, GBP: 1.17, CHF: 1.04 };
const COUNTRIES = [
  'DE',
  'FR',
  'IT',
  'ES',
  'NL',
  'BE',
  'AT',
  'CH',
  'PL',
  'SE',
  'DK',
  'NO',
  'FI',
  'PT',
  'IE',
  'GR',
  'CZ',
  'HU',
  'RO',
  'GB',
];
const CURRENCIES = ['EUR', 'GBP', 'CHF'] as const;
const RECORDS = 1 << 18;
const ROUNDS = 7;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** So many records per minute of event time; a window fires every 20,000 records. */
const STEP_MS = 3;
const BOUND_MS = 5000;

/** The payments of the demo, the same in every run. */
function payments(): readonly Payment[] {
  let state = 7;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % below;
  };
  return Array.from({ length: RECORDS }, (_, index) => ({
    id: `payment-${index}`,
    country: COUNTRIES[Math.min(next(COUNTRIES.length), next(COUNTRIES.length))] ?? 'DE',
    amount: (1 + next(50_000)) / 100,
    currency: CURRENCIES[next(CURRENCIES.length)] ?? 'EUR',
    at: 1_700_000_000_000 + index * STEP_MS - next(2000),
  }));
}

const program = application('pipeline', {
  build({ source }) {
    source(
      'payments',
      stubSource(Payment, (p) => p.at),
      { watermark: '5 seconds' },
    )
      .map((p) => ({ id: p.id, country: p.country, at: p.at, eur: p.amount * RATES[p.currency] }), 'to-eur')
      .filter((p) => p.eur > 1, 'above-one')
      .keyBy((p) => p.country)
      .window(tumbling('1 minute'))
      .aggregate('per-country', { payments: count(), volume: sum((p) => p.eur) })
      .to(stubSink('rows'), 'rows');
  },
});

/** Takes one record of the input: an object as it is, or JSON bytes that must be decoded. */
type Decode = (index: number) => Payment;

/** Puts the next records of the input into a batch, as a source does. */
type Fill = (batch: RecordBatch, from: number) => void;

/** What a round computed: proof that both computed the same. */
interface Outcome {
  readonly rows: number;
  readonly payments: number;
  readonly volume: number;
}

interface Round {
  readonly ns: number;
  readonly outcome: Outcome;
}

/** The pipeline through the engine's chains: source chain, hash edge within the thread, window chain, sink. */
class EnginePipeline {
  readonly #source: Chain;
  readonly #window: Chain;
  readonly #edge: RecordBatch = recordBatch();
  #outcome = { rows: 0, payments: 0, volume: 0 };
  /** Event time never goes back, so every round of the same payments comes a day after the one before. */
  #day = 0;

  constructor() {
    const { vertices } = jobGraph(program.build({}), { parallelism: 1 });
    const [source, window] = vertices;
    if (source === undefined || window === undefined) {
      throw new Error('The pipeline has two chains');
    }
    this.#window = this.#open(window, []);
    this.#source = this.#open(source, [{ write: (value, time) => this.#cross(value, time) }]);
  }

  run(fill: Fill, snapshotEvery = 0): Round {
    this.#outcome = { rows: 0, payments: 0, volume: 0 };
    const begun = process.hrtime.bigint();
    const batch = recordBatch();
    const shift = this.#day++ * DAY_MS;
    let newest = 0;
    for (let from = 0; from < RECORDS; from += BATCH_SIZE) {
      fill(batch, from);
      for (let index = 0; index < batch.size; index++) {
        // The batch was filled with payments just now.
        const time = (batch.values[index] as Payment).at + shift;
        batch.times[index] = time;
        newest = Math.max(newest, time);
      }
      this.#source.processBatch(0, batch);
      this.#send();
      this.#window.processWatermark(newest - BOUND_MS - 1);
      if (snapshotEvery > 0 && (from / BATCH_SIZE) % snapshotEvery === 0) {
        snapshot(this.#window);
      }
    }
    this.#window.processWatermark(newest + MINUTE_MS);
    return { ns: Number(process.hrtime.bigint() - begun), outcome: this.#outcome };
  }

  #open(vertex: JobVertex, outputs: { write(value: unknown, time: number): void }[]): Chain {
    return openChain(vertex, {
      subtask: 0,
      clock: { now: () => Date.now() },
      random: () => 0,
      time: { watermark: () => undefined, idle: () => undefined },
      wake: () => undefined,
      outputs,
      sinkWriter: () => ({
        write: (value) => this.#collect(value as { payments: number; volume: number }), // rows of the window
        pending: 0,
        highWater: 1,
        flush: () => Promise.resolve(),
        onAvailable: () => undefined,
        close: () => Promise.resolve(),
      }),
    });
  }

  #cross(value: unknown, time: number): void {
    const edge = this.#edge;
    edge.values[edge.size] = value;
    edge.times[edge.size++] = time;
    if (edge.size === BATCH_SIZE) {
      this.#send();
    }
  }

  #send(): void {
    this.#window.processBatch(0, this.#edge);
    this.#edge.size = 0;
  }

  #collect(row: { payments: number; volume: number }): void {
    this.#outcome.rows++;
    this.#outcome.payments += row.payments;
    this.#outcome.volume += row.volume;
  }
}

function snapshot(chain: Chain): void {
  const cursor = chain.beginSnapshot(1);
  while (!cursor.step(Date.now())) {
    // As the runtime does between batches.
  }
  cursor.take();
}

interface HandPane {
  payments: number;
  volume: number;
}

/**
 * The same computation as one would write it for this purpose alone, and as V8 likes it best: the last window is at
 * hand, and the loop is called per 256 records, since one long loop stays in V8's middle tier for seconds.
 */
class HandWrittenPipeline {
  readonly #windows = new Map<number, Map<string, HandPane>>();
  #start = 0;
  #panes = new Map<string, HandPane>();
  #newest = 0;
  #outcome = { rows: 0, payments: 0, volume: 0 };

  run(decode: Decode): Round {
    this.#outcome = { rows: 0, payments: 0, volume: 0 };
    this.#newest = 0;
    this.#start = 0;
    const begun = process.hrtime.bigint();
    for (let from = 0; from < RECORDS; from += BATCH_SIZE) {
      this.#add(decode, from);
      this.#fire(this.#newest - BOUND_MS - 1);
    }
    this.#fire(MAX_WATERMARK);
    return { ns: Number(process.hrtime.bigint() - begun), outcome: this.#outcome };
  }

  #add(decode: Decode, from: number): void {
    for (let index = from; index < from + BATCH_SIZE; index++) {
      const payment = decode(index);
      const eur = payment.amount * RATES[payment.currency];
      const { at } = payment;
      this.#newest = Math.max(this.#newest, at);
      if (eur > 1) {
        if (at < this.#start || at >= this.#start + MINUTE_MS) {
          this.#open(at);
        }
        const pane = this.#panes.get(payment.country);
        if (pane === undefined) {
          this.#panes.set(payment.country, { payments: 1, volume: eur });
        } else {
          pane.payments += 1;
          pane.volume += eur;
        }
      }
    }
  }

  #open(at: number): void {
    this.#start = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    this.#panes = this.#windows.get(this.#start) ?? new Map();
    this.#windows.set(this.#start, this.#panes);
  }

  #fire(watermark: number): void {
    for (const [start, panes] of this.#windows) {
      if (start + MINUTE_MS - 1 <= watermark) {
        for (const pane of panes.values()) {
          this.#outcome.rows++;
          this.#outcome.payments += pane.payments;
          this.#outcome.volume += pane.volume;
        }
        this.#windows.delete(start);
      }
    }
  }
}

/** Rounds of all variants in turn, so that a noisy moment of the machine hits all of them. */
async function measure(variants: Readonly<Record<string, () => Round>>): Promise<Record<string, number>> {
  const times: Record<string, number[]> = {};
  let expected: Outcome | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(variants)) {
      const { ns, outcome } = run();
      expected ??= outcome;
      checkSame(name, outcome, expected);
      // The first rounds warm up the code.
      if (round > 1) {
        (times[name] ??= []).push(ns / RECORDS);
      }
      await nextTurn();
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

function checkSame(name: string, outcome: Outcome, expected: Outcome): void {
  const same =
    outcome.rows === expected.rows &&
    outcome.payments === expected.payments &&
    Math.abs(outcome.volume - expected.volume) < 1e-3;
  if (!same) {
    throw new Error(
      `Variant "${name}" computed ${JSON.stringify(outcome)}, the first one ${JSON.stringify(expected)}`,
    );
  }
}

async function run(): Promise<readonly Measurement[]> {
  const objects = payments();
  const bytes = objects.map((payment) => Buffer.from(JSON.stringify(payment)));
  const engine = new EnginePipeline();
  // An engine of its own for every kind of input, as jobs have: they must not share type feedback.
  const decoding = new EnginePipeline();
  const snapshotting = new EnginePipeline();
  const byHand = new HandWrittenPipeline();
  const asObject: Decode = (index) => objects[index] as Payment; // index is below RECORDS
  const fillObjects: Fill = (batch, from) => {
    for (let index = 0; index < BATCH_SIZE; index++) {
      batch.values[index] = objects[from + index];
    }
    batch.size = BATCH_SIZE;
  };
  const decoder = jsonDecoder(Payment);
  const fillJson: Fill = (batch, from) => {
    decoder.decode(bytes, from, from + BATCH_SIZE, batch);
  };
  const asJson: Decode = (index) => JSON.parse(bytes[index]?.toString() ?? '') as Payment; // written from payments above
  const ns = await measure({
    'hand-written, objects': () => byHand.run(asObject),
    'engine, objects': () => engine.run(fillObjects),
    'engine, objects, snapshot every 10 batches': () => snapshotting.run(fillObjects, 10),
    'hand-written, JSON bytes by JSON.parse': () => byHand.run(asJson),
    'engine, JSON bytes': () => decoding.run(fillJson),
  });
  const of = (name: string): number => ns[name] ?? Number.NaN;
  const total = of('engine, JSON bytes');
  return [
    ...Object.entries(ns).map(([name, each]) => ({
      name,
      value: 1e9 / each,
      unit: 'records/s',
      note: `${each.toFixed(0)} ns`,
    })),
    {
      name: 'ratio, objects',
      value: of('hand-written, objects') / of('engine, objects'),
      unit: 'of hand-written',
    },
    {
      name: 'ratio, JSON bytes',
      value: of('hand-written, JSON bytes by JSON.parse') / total,
      unit: 'of hand-written',
    },
    { name: 'share of decode', value: 1 - of('engine, objects') / total, unit: 'of the JSON pipeline' },
    {
      name: 'share of map, filter, key and window',
      value: of('engine, objects') / total,
      unit: 'of the JSON pipeline',
    },
    {
      name: 'share of snapshots',
      value: Math.max(0, 1 - of('engine, objects') / of('engine, objects, snapshot every 10 batches')),
      unit: 'of the pipeline',
      note: 'one every 2,560 records; a job takes one every 10 s',
    },
  ];
}

export const benchmark: Benchmark = { name: 'pipeline', run };
