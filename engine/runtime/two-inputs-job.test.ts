import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FileAuctionConfiguration } from './auction-application.fixture.ts';
import { auctionApplication, expectedMatches } from './auctions.fixture.ts';
import { Deployment } from './job-runs.fixture.ts';
import { startJob } from './job.ts';
import { machineHost } from './machine.fixture.ts';
import { SimulatedHost } from './simulated-host.ts';

const SEEDS = 25;
const COUNT = 120;
const FINISHED = { state: 'FINISHED', fenced: false };
const expected = expectedMatches(COUNT);
const pairs = [...expected.values()].reduce((sum, text) => sum + Number.parseInt(text, 10), 0);

/** What befell the jobs of all seeds: a suite in which nothing happens proves nothing. */
const seen = { failures: 0, deaths: 0, restores: 0 };

describe('a job of an interval join and a broadcast', () => {
  it('finds every pair once, and weighs it by every factor once, when it fails, dies and changes its parallelism', async () => {
    expect(pairs).toBeGreaterThan(2 * COUNT);
    for (let seed = 0; seed < SEEDS; seed += 1) await liveAndDie(seed);
    expect(seen.failures).toBeGreaterThan(SEEDS / 2);
    expect(seen.deaths).toBeGreaterThan(SEEDS / 2);
    expect(seen.restores).toBeGreaterThan(SEEDS);
  }, 60_000);

  it('does so on three threads of which one dies', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headwater-auctions-'));
    const [file, diedFile] = [join(folder, 'totals.jsonl'), join(folder, 'died')];
    const configuration: FileAuctionConfiguration = {
      count: 1000,
      file,
      ratePerSecond: 1500,
      diesAtPair: 1000,
      diedFile,
    };
    const host = machineHost();
    const job = startJob(
      {
        jobId: 'b'.repeat(32),
        name: 'auctions',
        application: { module: new URL('./auction-application.fixture.ts', import.meta.url).href },
        configuration,
        parallelism: 3,
        checkpointIntervalMs: 20,
        epoch: 1,
        prefix: 'd',
        restore: { kind: 'latest-checkpoint' },
        restart: { kind: 'exponential-delay', initialDelayMs: 10 },
        threads: true,
      },
      host,
    );
    expect(await job.ended).toEqual(FINISHED);
    expect(totalsIn(file)).toEqual(expectedMatches(1000));
    const { restarts, checkpoints } = job.status();
    expect([restarts, checkpoints.counts.restored, existsSync(diedFile)]).toEqual([1, 1, true]);
    rmSync(folder, { recursive: true });
  }, 90_000);
});

interface Total {
  readonly key: string;
  readonly start: number;
  readonly payments: number;
  readonly volume: number;
}

function totalsIn(file: string): ReadonlyMap<string, string> {
  const rows = readFileSync(file, 'utf8').trim().split('\n');
  return new Map(
    rows
      .map((row) => JSON.parse(row) as Total)
      .map(({ key, start, payments, volume }) => [`${key}/${start}`, `${payments}/${volume}`] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

/** Pairs fail by their number, counted over all attempts; processes die by the clock, at most two of them. */
async function liveAndDie(seed: number): Promise<void> {
  const deployment = new Deployment();
  const dice = new SimulatedHost({ seed: seed * 7919 });
  const fault = 1 + Math.floor(dice.random() * 1.5 * pairs);
  let found = 0;
  const watch = () => {
    found += 1;
    if (found !== fault) return;
    seen.failures += 1;
    throw new Error(`failure at pair ${found}`);
  };
  const program = auctionApplication({ sink: deployment.table.sink(5), count: COUNT, watch });
  for (let ended = false; !ended;) {
    const parallelism = 1 + ((seed + deployment.epoch) % 3);
    const run = await deployment.start({}, { application: { application: program }, parallelism }, seed);
    const lifeMs = deployment.epoch < 3 ? 20 + Math.floor(dice.random() * 80) : 3_600_000;
    ended = await run.host.runUntil(() => run.end !== undefined, lifeMs);
    seen.restores += run.job.status().checkpoints.counts.restored;
    if (!ended) seen.deaths += 1;
    else expect([seed, run.end]).toEqual([seed, FINISHED]);
  }
  expect([seed, deployment.table.rows]).toEqual([seed, expected]);
}
