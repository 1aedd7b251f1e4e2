import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../host.ts';
import type { FileAuctionConfiguration } from './auction-application.fixture.ts';
import { auctionApplication, expectedMatches } from './auctions.fixture.ts';
import { expectedTotals } from './counting.fixture.ts';
import { COUNT, Deployment, SPLITS, type Run } from './job-runs.fixture.ts';
import type { JobOptions } from './job-options.ts';
import { startJob } from './job.ts';
import { machineHost, until } from './machine.fixture.ts';

const SEEDS = 8;
const FINISHED = { state: 'FINISHED', fenced: false };
const totals = expectedTotals(SPLITS, COUNT);
const matches = expectedMatches(120);

/** Asks for another parallelism as soon as the job runs; gives why it was refused, if it was. */
async function rescale(run: Run, parallelism: number): Promise<string | undefined> {
  await run.until(() => run.job.status().state === 'RUNNING');
  let answer: { readonly failure?: string } | undefined;
  run.job.rescale(parallelism).then(
    () => {
      answer = {};
    },
    (error: unknown) => {
      answer = { failure: error instanceof Error ? error.message : String(error) };
    },
  );
  await run.until(() => answer !== undefined);
  return answer?.failure;
}

function rescaled(events: readonly EngineEvent[]): readonly (readonly [from: number, to: number])[] {
  return events.flatMap((event) => (event.type === 'job-rescaled' ? [[event.from, event.to] as const] : []));
}

describe('a job that is rescaled from 1 to 3 to 2', () => {
  it('counts every window as if nothing had been', async () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const deployment = new Deployment();
      const run = await deployment.start({ ratePerSecond: 1000 }, { parallelism: 1 }, seed);
      expect(await rescale(run, 3)).toBeUndefined();
      expect(run.job.status().vertices.map(({ parallelism }) => parallelism)).toEqual([3, 3]);
      await run.host.runFor(seed);
      expect(await rescale(run, 2)).toBeUndefined();
      expect(run.job.status()).toMatchObject({ parallelism: 2, restarts: 0, faults: [] });
      expect(await run.toEnd()).toEqual(FINISHED);
      expect(deployment.table.rows, `seed ${seed}`).toEqual(totals);
      expect(rescaled(run.host.events)).toEqual([
        [1, 3],
        [3, 2],
      ]);
    }
  }, 60_000);

  it('keeps every join, timer and broadcast entry', async () => {
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const deployment = new Deployment();
      const application = auctionApplication({
        sink: deployment.table.sink(5),
        count: 120,
        ratePerSecond: 1000,
      });
      const run = await deployment.start({}, { application: { application }, parallelism: 1 }, seed);
      await run.host.runFor(10 * seed);
      expect(await rescale(run, 3)).toBeUndefined();
      await run.host.runFor(seed);
      expect(await rescale(run, 2)).toBeUndefined();
      expect(await run.toEnd()).toEqual(FINISHED);
      expect(deployment.table.rows, `seed ${seed}`).toEqual(matches);
    }
  }, 60_000);

  it('does so on threads, and goes on from its savepoint', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headwater-rescale-'));
    const file = join(folder, 'totals.jsonl');
    const host = machineHost();
    // So slow that it cannot end while threads of a busy machine start.
    const job = startJob(threadOptions(file, { ratePerSecond: 100 }), host);
    await until(() => job.status().checkpoints.counts.completed > 0);
    await job.rescale(3);
    await job.rescale(2);
    job.savepoint({ directory: 's/1', stop: true, triggerId: 't' });
    expect(await job.ended).toEqual(FINISHED);
    expect(rescaled(host.events)).toEqual([
      [1, 3],
      [3, 2],
    ]);
    const restore = { kind: 'manifest', location: 's/1' } as const;
    const second = startJob({ ...threadOptions(file, { ratePerSecond: 100_000 }), restore }, host);
    expect(await second.ended).toEqual(FINISHED);
    expect(totalsIn(file)).toEqual(expectedMatches(2000));
    rmSync(folder, { recursive: true });
  }, 90_000);
});

function threadOptions(file: string, { ratePerSecond }: { readonly ratePerSecond: number }): JobOptions {
  const configuration: FileAuctionConfiguration = {
    count: 2000,
    file,
    ratePerSecond,
    diesAtPair: Infinity,
    diedFile: file,
  };
  return {
    jobId: 'c'.repeat(32),
    name: 'auctions',
    application: { module: new URL('./auction-application.fixture.ts', import.meta.url).href },
    configuration,
    parallelism: 1,
    checkpointIntervalMs: 100,
    epoch: 1,
    prefix: 'd',
    restore: { kind: 'none' },
    restart: { kind: 'none' },
    threads: true,
  };
}

describe('a rescaling that cannot be', () => {
  it.each([
    [0, 'it must be a whole number from 1'],
    [1.5, 'it must be a whole number from 1'],
    [9, 'its max parallelism is 8; a higher one takes a start without state'],
  ])('is refused with a sentence: %s', async (parallelism, reason) => {
    const run = await new Deployment().start({}, { maxParallelism: 8 });
    const sentence = `Cannot rescale job ${run.job.id} to parallelism ${parallelism}: ${reason}`;
    expect(await rescale(run, parallelism)).toBe(sentence);
    expect(run.job.status().parallelism).toBe(2);
  });

  it('is refused before the job runs', async () => {
    const run = await new Deployment().start();
    expect(run.job.refusesParallelism(3)).toContain('it is INITIALIZING; ask again when it is RUNNING');
  });

  it('is refused while another one is under way', async () => {
    const run = await new Deployment().start({ count: 5000 });
    await run.until(() => run.job.status().state === 'RUNNING');
    let first = 'under way';
    void run.job.rescale(3).then(() => (first = 'done'));
    expect(await rescale(run, 1)).toContain('it is being rescaled');
    await run.until(() => first === 'done');
    expect(run.job.status().parallelism).toBe(3);
  });

  it('leaves the job as it was when its checkpoint fails', async () => {
    const deployment = new Deployment();
    const run = await deployment.start({ ratePerSecond: 1000 }, { checkpointIntervalMs: 0 });
    const put = deployment.storage.put.bind(deployment.storage);
    deployment.storage.put = (key, bytes, condition) =>
      key.includes('/chk-2') ? Promise.reject(new Error('SlowDown')) : put(key, bytes, condition);
    expect(await rescale(run, 3)).toBe('Cannot rescale to parallelism 3: SlowDown; the job keeps 2');
    expect(await run.toEnd()).toEqual(FINISHED);
    expect(run.job.status()).toMatchObject({ parallelism: 2, restarts: 0 });
    expect(deployment.table.rows).toEqual(totals);
  });

  it('takes the job back to its old parallelism when the new attempt cannot begin', async () => {
    const deployment = new Deployment();
    const run = await deployment.start(
      { ratePerSecond: 1000 },
      { checkpointIntervalMs: 0, restart: { kind: 'none' } },
    );
    const get = deployment.storage.get.bind(deployment.storage);
    let reads = 0;
    deployment.storage.get = (key) => {
      reads += key.includes('/chk-2') ? 1 : 0;
      return key.includes('/chk-2') && reads === 1 ? Promise.reject(new Error('no route')) : get(key);
    };
    expect(await rescale(run, 3)).toBe('Cannot rescale to parallelism 3: no route; the job keeps 2');
    expect(await run.toEnd()).toEqual(FINISHED);
    expect(run.job.status()).toMatchObject({
      parallelism: 2,
      firstFault: { message: 'no route' },
    });
    expect(deployment.table.rows).toEqual(totals);
  });

  it('is over when the job is cancelled', async () => {
    const run = await new Deployment().start({ count: 5000 });
    await run.until(() => run.job.status().state === 'RUNNING');
    const asked = run.job.rescale(3).catch((error: unknown) => String(error));
    void run.job.cancel();
    expect(await run.toEnd()).toEqual({ state: 'CANCELED', fenced: false });
    expect(await asked).toContain('the job was cancelled; the job keeps 2');
  });
});

interface Total {
  readonly key: string;
  readonly start: number;
  readonly payments: number;
  readonly volume: number;
}

function totalsIn(file: string): ReadonlyMap<string, string> {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const found = lines.map((line) => {
    const { key, start, payments, volume } = JSON.parse(line) as Total;
    return [`${key}/${start}`, `${payments}/${volume}`] as const;
  });
  return new Map(found.sort(([left], [right]) => (left < right ? -1 : 1)));
}
