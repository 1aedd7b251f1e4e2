import { describe, expect, it } from 'vitest';
import { auctionApplication, expectedMatches } from './auctions.fixture.ts';
import { Deployment } from './job-runs.fixture.ts';
import { SimulatedHost } from './simulated-host.ts';

const SEEDS = 40;
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
});

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
