import { describe, expect, it } from 'vitest';
import { generator } from '../connectors/generator/index.ts';
import type { Sink } from '../connectors/connector.ts';
import { t } from '../data/built-in-types.ts';
import { BATCH_SIZE } from '../data/record-batch.ts';
import { application, type AsyncSpec, count, sum, tumbling } from '../index.ts';
import { chunksOf, type Manifest, readManifest } from './coordinator/manifest.ts';
import { expectedTotals, type Payment, paymentOf } from './counting.fixture.ts';
import { Deployment, type Run } from './job-runs.fixture.ts';
import type { JobOptions } from './job-options.ts';
import { Lookups } from './lookups.fixture.ts';
import { SimulatedHost } from './simulated-host.ts';

const PaymentRow = t.row({ country: t.string, amount: t.double, at: t.instant });
const [SPLITS, COUNT] = [4, 250];
const expected = expectedTotals(SPLITS, COUNT);
const FINISHED = { state: 'FINISHED', fenced: false };

type Calls = Partial<AsyncSpec<Payment, Payment, Payment>>;

/** Payments that are looked up before they are counted per country and minute. */
class LookedUp {
  readonly deployment = new Deployment();
  readonly lookups = new Lookups();
  readonly #calls: Calls;

  constructor(calls: Calls = {}) {
    this.#calls = calls;
  }

  async start(more: Partial<JobOptions> = {}, seed = 1): Promise<Run> {
    const run = await this.deployment.start(
      {},
      { application: { application: this.#program() }, ...more },
      seed,
    );
    this.lookups.enter(run.host);
    return run;
  }

  #program() {
    const { lookups, deployment } = this;
    return application('counting', {
      build: ({ source }) =>
        source(
          'payments',
          generator({
            schema: PaymentRow,
            record: paymentOf,
            time: ({ at }) => at,
            count: COUNT,
            splits: SPLITS,
            ratePerSecond: 2000,
          }),
          { watermark: '3 seconds' },
        )
          .asyncMap('looked-up', {
            output: PaymentRow,
            call: (payment) => lookups.ask(payment),
            ...this.#calls,
          })
          .keyBy(({ country }) => country)
          .window(tumbling('1 minute'))
          .aggregate('per-country', { payments: count(), volume: sum(({ amount }) => amount) })
          .to(deployment.table.sink(5), 'totals'),
    });
  }
}

describe('a job that makes asynchronous calls', () => {
  it.each(['ordered', 'unordered'] as const)(
    'has every answer of 1,000 slow lookups once when it fails and dies half-way, %s',
    async (order) => {
      const seen = { deaths: 0, faults: 0, again: 0 };
      for (let seed = 1; seed <= 30; seed += 1) await liveAndDie(seed, order, seen);
      expect(seen.deaths).toBeGreaterThan(30);
      expect(seen.faults).toBeGreaterThan(10);
      // Calls that were open were made again, and not all of the others.
      expect(seen.again).toBeGreaterThan(100);
      expect(seen.again).toBeLessThan(30 * SPLITS * COUNT);
    },
    60_000,
  );

  it('holds its capacity and one batch when the service does not answer', async () => {
    const job = new LookedUp({ capacity: 5 });
    job.lookups.hold();
    const run = await job.start({ parallelism: 1, checkpointIntervalMs: 0 });
    await run.host.runFor(2000);
    expect(job.lookups.open).toBe(5);
    const { stateEntries = 0, recordsIn = 0 } = operatorOf(run, 'looked-up') ?? {};
    expect(recordsIn).toBeLessThanOrEqual(5 + BATCH_SIZE);
    // Some watermarks may wait behind the records.
    expect(stateEntries).toBeLessThanOrEqual(5 + BATCH_SIZE + 1);
    job.lookups.release();
    expect(await run.toEnd()).toEqual(FINISHED);
    expect([job.deployment.table.rows, job.lookups.openMost]).toEqual([expected, 5]);
  });

  it('answers in the order of the records where that is asked for', async () => {
    const lookups = new Lookups();
    const written: number[] = [];
    const program = application('ordered', {
      build: ({ source }) =>
        source('numbers', generator({ schema: t.int, record: (index) => index, count: 1000 }))
          .asyncMap('echo', { call: (number) => lookups.ask(number), capacity: 40 })
          .to(listSink(written), 'list'),
    });
    const run = await new Deployment().start({}, { application: { application: program }, parallelism: 1 });
    lookups.enter(run.host);
    expect(await run.toEnd()).toEqual(FINISHED);
    expect(written).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(lookups.openMost).toBe(40);
  });

  it('is suspended while calls are open, and makes them again', async () => {
    const job = new LookedUp({ capacity: 1000 });
    const run = await job.start({ parallelism: 2 });
    await run.host.runFor(40);
    job.lookups.hold();
    await run.host.runFor(5);
    expect(await run.savepoint('s/1', { stop: true })).toMatchObject({ status: 'completed' });
    expect(await run.toEnd()).toEqual(FINISHED);
    const { manifest } = await readManifest(job.deployment.storage, 's/1');
    expect(callsIn(manifest)).toBeGreaterThan(0);
    job.lookups.release();
    const next = await job.start({ parallelism: 3, restore: { kind: 'manifest', location: 's/1' } });
    expect(await next.toEnd()).toEqual(FINISHED);
    expect(job.deployment.table.rows).toEqual(expected);
  });

  it('answers what is open before it drains', async () => {
    const job = new LookedUp();
    const run = await job.start({ parallelism: 2 });
    await run.host.runFor(40);
    job.lookups.hold();
    await run.until(() => job.lookups.open > 10);
    run.job.savepoint({ directory: 's/1', stop: true, drain: true, triggerId: 's/1' });
    await run.host.runFor(300);
    expect(run.job.savepointStatus('s/1')?.status).toBe('in-progress');
    job.lookups.release();
    expect(await run.toEnd()).toEqual(FINISHED);
    const { manifest } = await readManifest(job.deployment.storage, 's/1');
    const read = manifest.splits.reduce((total, { position }) => total + Number(position), 0);
    const counted = [...job.deployment.table.rows.values()].reduce(
      (total, row) => total + Number(row.split('/')[0]),
      0,
    );
    expect([callsIn(manifest), counted]).toEqual([0, read]);
  });

  it('fails with the record in hand, and ends calls in time', async () => {
    const failing = new LookedUp({ timeout: '250 ms' });
    failing.lookups.hold();
    const run = await failing.start({ restart: { kind: 'none' } });
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: {
        operator: 'looked-up',
        record: expect.stringContaining('"country"'),
        message: expect.stringContaining('the call was not answered within 250 ms'),
      },
    });
    const patient = new LookedUp({ timeout: '250 ms', onTimeout: (payment) => payment });
    patient.lookups.hold();
    const other = await patient.start();
    expect(await other.toEnd()).toEqual(FINISHED);
    expect(patient.deployment.table.rows).toEqual(expected);
  });
});

/** Calls fail by their number, and processes die by the clock, twice at most; each has another parallelism. */
async function liveAndDie(
  seed: number,
  order: 'ordered' | 'unordered',
  seen: { deaths: number; faults: number; again: number },
): Promise<void> {
  const job = new LookedUp({ order, capacity: 20, retry: { attempts: 2, delay: '10 ms' } });
  const { deployment, lookups } = job;
  const dice = new SimulatedHost({ seed: seed * 104_729 });
  const first = 100 + Math.floor(dice.random() * 800);
  // A short failure is healed by the retry, a long one by going on from a checkpoint.
  lookups.fails = (call) => call >= first && call < first + (seed % 2 === 0 ? 12 : 120);
  for (let ended = false; !ended;) {
    const run = await job.start({ parallelism: 1 + ((seed + deployment.epoch) % 3) }, seed);
    const lifeMs = deployment.epoch < 3 ? 60 + Math.floor(dice.random() * 200) : 3_600_000;
    ended = await run.host.runUntil(() => run.end !== undefined, lifeMs);
    seen.faults += run.job.status().firstFault === undefined ? 0 : 1;
    if (!ended) seen.deaths += 1;
    else expect([seed, run.end]).toEqual([seed, FINISHED]);
  }
  seen.again += lookups.calls - SPLITS * COUNT;
  expect([seed, deployment.table.rows]).toEqual([seed, expected]);
}

function operatorOf(run: Run, name: string) {
  const subtasks = run.job.status().vertices.flatMap((vertex) => vertex.subtasks);
  return subtasks.flatMap(({ operators }) => operators).find((operator) => operator.name === name);
}

function callsIn(manifest: Manifest): number {
  const calls = chunksOf(manifest).filter(({ state }) => state === 'calls');
  return calls.reduce((total, { entries }) => total + entries, 0);
}

function listSink(written: number[]): Sink<number> {
  return {
    connector: 'list',
    guarantee: 'at-least-once',
    options: {},
    writer: () => ({
      write: (value) => void written.push(value),
      pending: 0,
      highWater: 0,
      flush: () => Promise.resolve(),
      onAvailable: () => undefined,
      close: () => Promise.resolve(),
    }),
  };
}
