import { describe, expect, it } from 'vitest';
import { auctionApplication, expectedMatches } from '../auctions.fixture.ts';
import { expectedTotals } from '../counting.fixture.ts';
import type { JobOptions } from '../job-options.ts';
import { COUNT, Deployment, SPLITS, type Run, type StandbyRun } from '../job-runs.fixture.ts';

const FINISHED = { state: 'FINISHED', fenced: false };
const SAVEPOINT = 'd/savepoints/s';
const totals = expectedTotals(SPLITS, COUNT);
const matches = expectedMatches(120);

/** Names of the objects with state that are read from now on. */
function chunkReads({ storage }: Deployment): string[] {
  const reads: string[] = [];
  const get = storage.get.bind(storage);
  storage.get = (key) => {
    if (key.startsWith('d/chunks/')) reads.push(key);
    return get(key);
  };
  return reads;
}

async function preload(run: StandbyRun, location: string): Promise<void> {
  run.standby.preload(location);
  await run.until(() => !['reading', undefined].includes(run.standby.standby.preload?.state));
}

function newestManifest({ job }: Run): string {
  return job.status().checkpoints.latest.completed?.manifest ?? '';
}

async function stop(run: Run): Promise<void> {
  expect(await run.savepoint(SAVEPOINT, { stop: true })).toMatchObject({ status: 'completed' });
  await run.toEnd();
}

/** What the control plane does when the job before has ended. */
async function begin(deployment: Deployment, run: StandbyRun): Promise<void> {
  deployment.epoch += 1;
  await deployment.writeHead(deployment.epoch, run.job.id);
  run.standby.begin({
    epoch: deployment.epoch,
    restore: { kind: 'manifest', location: SAVEPOINT },
  });
}

describe('a standby', () => {
  it.each([2, 3, 1])(
    'takes over with the state that it has read in advance, at parallelism %s',
    async (parallelism) => {
      for (let seed = 0; seed < 5; seed += 1) {
        const deployment = new Deployment();
        const first = await deployment.start({ ratePerSecond: 1000 }, {}, seed);
        await first.checkpoints(2);
        const next = deployment.standby({}, { parallelism });
        await preload(next, newestManifest(first));
        await first.checkpoints(3 + seed);
        await preload(next, newestManifest(first));
        await stop(first);
        await begin(deployment, next);
        expect(await next.toEnd()).toEqual(FINISHED);
        expect(next.job.status()).toMatchObject({ restarts: 0, faults: [], parallelism, epoch: 2 });
        expect(deployment.table.rows, `seed ${seed}`).toEqual(totals);
      }
    },
    30_000,
  );

  it.each([1, 3])(
    'keeps every join, timer and broadcast entry, at parallelism %s',
    async (parallelism) => {
      for (let seed = 0; seed < 8; seed += 1) {
        const deployment = new Deployment();
        const application = auctionApplication({
          sink: deployment.table.sink(5),
          count: 120,
          ratePerSecond: 1000,
        });
        const options: Partial<JobOptions> = { application: { application }, parallelism };
        const first = await deployment.start({}, { ...options, parallelism: 1 }, seed);
        await first.checkpoints(1 + (seed % 3));
        const next = deployment.standby({}, options);
        await preload(next, newestManifest(first));
        await first.checkpoints(2 + (seed % 3));
        await stop(first);
        await begin(deployment, next);
        expect(await next.toEnd()).toEqual(FINISHED);
        expect(deployment.table.rows, `seed ${seed}`).toEqual(matches);
      }
    },
    30_000,
  );

  it('reads nothing twice', async () => {
    const deployment = new Deployment();
    const first = await deployment.start();
    await first.checkpoints(2);
    await stop(first);
    const next = deployment.standby();
    const reads = chunkReads(deployment);
    await preload(next, SAVEPOINT);
    const ahead = new Set(reads.splice(0));
    expect(ahead.size).toBeGreaterThan(0);
    await begin(deployment, next);
    await next.until(() => next.job.status().state === 'RUNNING');
    expect(reads.filter((key) => ahead.has(key))).toEqual([]);
  });

  it('writes nothing before it begins', async () => {
    const deployment = new Deployment();
    const first = await deployment.start();
    await first.checkpoints(2);
    await stop(first);
    const before = await deployment.keys('');
    const next = deployment.standby();
    await preload(next, SAVEPOINT);
    await next.host.runFor(10_000);
    expect(await deployment.keys('')).toEqual(before);
    expect(next.standby.standby).toMatchObject({ state: 'warm', preload: { state: 'read' } });
    expect(next.job.status().state).toBe('INITIALIZING');
  });

  it('goes without what it could not read', async () => {
    const deployment = new Deployment();
    const first = await deployment.start();
    await first.checkpoints(2);
    const next = deployment.standby();
    await preload(next, 'd/jobs/none.json');
    expect(next.standby.standby.preload).toMatchObject({ state: 'failed' });
    await stop(first);
    await begin(deployment, next);
    expect(await next.toEnd()).toEqual(FINISHED);
    expect(deployment.table.rows).toEqual(totals);
  });

  it('has what it read of a checkpoint that was collected since', async () => {
    const deployment = new Deployment();
    const first = await deployment.start({ ratePerSecond: 1000 }, { retainedCheckpoints: 1 });
    await first.checkpoints(2);
    const next = deployment.standby();
    const early = newestManifest(first);
    await preload(next, early);
    await first.checkpoints(8);
    expect(await deployment.storage.get(early)).toBeUndefined();
    await stop(first);
    await begin(deployment, next);
    expect(await next.toEnd()).toEqual(FINISHED);
    expect(deployment.table.rows).toEqual(totals);
  });

  it('begins once, however often it is told to', async () => {
    const deployment = new Deployment();
    const first = await deployment.start();
    await first.checkpoints(1);
    await stop(first);
    const next = deployment.standby();
    await begin(deployment, next);
    const restore = { kind: 'manifest', location: SAVEPOINT } as const;
    next.standby.begin({ epoch: 2, restore });
    expect(() => next.standby.begin({ epoch: 3, restore })).toThrow(
      /Cannot begin job .* with epoch 3: it began with epoch 2/,
    );
    expect(await next.toEnd()).toEqual(FINISHED);
    expect(deployment.table.rows).toEqual(totals);
  });

  it('ends by itself when nobody needs it', async () => {
    const deployment = new Deployment();
    const next = deployment.standby();
    await next.host.runFor(600_001);
    expect(await next.toEnd()).toEqual({ state: 'CANCELED', fenced: false });
    expect(() => next.standby.begin({ epoch: 2, restore: { kind: 'none' } })).toThrow(/it has ended/);
  });
});
