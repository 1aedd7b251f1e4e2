import { beforeEach, describe, expect, it, test } from 'vitest';
import type { ConnectorHost } from '../connectors/connector.ts';
import { COUNT, Deployment, SPLITS } from './job-runs.fixture.ts';
import { SimulatedHost } from './simulated-host.ts';
import { nameOf, TransactionLog, writingApplication } from './transactions.fixture.ts';

const SEEDS = 100;
const everyRecord = Array.from({ length: SPLITS }, (_, split) =>
  Array.from({ length: COUNT }, (_unused, index) => nameOf(split, index)),
)
  .flat()
  .toSorted();

/** What befell the jobs of all seeds: a suite in which nothing happens proves nothing. */
const seen = { failures: 0, deaths: 0, cutOff: 0, recovered: 0 };

describe('a job that fails and dies', () => {
  it.each([0, 1, 2, 3, 4])(
    'commits every record once, seeds %i of 5',
    async (part) => {
      for (let seed = part; seed < SEEDS; seed += 5) await liveAndDie(seed);
    },
    60_000,
  );

  it('was put to the test by the seeds above', () => {
    expect(seen.failures).toBeGreaterThan(SEEDS / 2);
    expect(seen.deaths).toBeGreaterThan(SEEDS / 2);
    expect(seen.cutOff).toBeGreaterThan(SEEDS / 10);
    expect(seen.recovered).toBeGreaterThan(SEEDS);
  });
});

/** Records fail by their number, commits by chance; processes die by the clock and leave everything as it is. */
async function liveAndDie(seed: number): Promise<void> {
  const deployment = new Deployment();
  const log = new TransactionLog();
  const dice = new SimulatedHost({ seed: seed * 7919 });
  const failAt = 1 + Math.floor(dice.random() * 1.5 * SPLITS * COUNT);
  let records = 0;
  const watch = () => {
    records += 1;
    if (records !== failAt) return;
    seen.failures += 1;
    throw new Error(`failure at record ${records}`);
  };
  const failing = (host: ConnectorHost) => {
    const fails = host.random() < 0.05;
    if (fails) seen.cutOff += 1;
    return fails;
  };
  const program = writingApplication(log.sink(failing), { splits: SPLITS, count: COUNT, watch });
  for (let ended = false; !ended;) {
    const parallelism = 1 + ((seed + deployment.epoch) % 3);
    const run = await deployment.start({}, { application: { application: program }, parallelism }, seed);
    const lifeMs = deployment.epoch < 3 ? 20 + Math.floor(dice.random() * 80) : 3_600_000;
    ended = await run.host.runUntil(() => run.end !== undefined, lifeMs);
    if (!ended) seen.deaths += 1;
    else expect([seed, run.end]).toEqual([seed, { state: 'FINISHED', fenced: false }]);
  }
  seen.recovered += log.recovered;
  expect([seed, log.records]).toEqual([seed, everyRecord]);
}

describe('a transactional sink', () => {
  let deployment: Deployment;
  let log: TransactionLog;

  beforeEach(() => {
    deployment = new Deployment();
    log = new TransactionLog();
  });

  function start(more: Parameters<Deployment['start']>[1] = {}, into = log) {
    const application = writingApplication(into.sink(), { splits: SPLITS, count: COUNT });
    return deployment.start({}, { application: { application }, ...more });
  }

  test('has committed all when a job ends that takes no checkpoints', async () => {
    const run = await start({ checkpointIntervalMs: 0 });
    expect(await run.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
    expect(log.records).toEqual(everyRecord);
    expect(run.job.status().checkpoints.counts.completed).toBe(1);
  });

  test('shows nothing of what no checkpoint holds', async () => {
    const run = await start({ checkpointIntervalMs: 0 });
    await run.host.runFor(40);
    expect(log.records).toEqual([]);
  });

  test('commits nothing with a savepoint that is only kept, and has it all in there', async () => {
    const run = await start({ checkpointIntervalMs: 0 });
    await run.host.runFor(20);
    await run.savepoint('savepoints/kept');
    await run.host.runFor(20);
    expect(log.records).toEqual([]);

    const copy = new TransactionLog();
    const restore = { kind: 'manifest', location: 'savepoints/kept' } as const;
    await (await start({ restore }, copy)).toEnd();
    expect(copy.records).toEqual(everyRecord);
    expect(copy.recovered).toBeGreaterThan(0);
  });

  test('has committed what the savepoint holds when the job stops with it', async () => {
    const run = await start({ checkpointIntervalMs: 0 });
    await run.host.runFor(30);
    await run.savepoint('savepoints/stop', { stop: true });
    await run.toEnd();
    const before = log.records;
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(everyRecord.length);

    const restore = { kind: 'manifest', location: 'savepoints/stop' } as const;
    await (await start({ restore })).toEnd();
    expect(log.records).toEqual(everyRecord);
  });

  test('commits nothing once a newer job holds the deployment', async () => {
    const zombie = await start();
    await zombie.checkpoints(1);
    await deployment.writeHead(deployment.epoch + 1, 'f'.repeat(32));
    const before = log.records.length;
    expect((await zombie.toEnd())?.fenced).toBe(true);
    // What the last checkpoint before holds may still be committed, by whoever is there.
    expect(log.records.length - before).toBeLessThan(COUNT);
    const successor = await start();
    await successor.toEnd();
    expect(log.records).toEqual(everyRecord);
  });
});
