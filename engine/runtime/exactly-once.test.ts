import { describe, expect, it } from 'vitest';
import { expectedTotals } from './counting.fixture.ts';
import { COUNT, Deployment, SPLITS } from './job-runs.fixture.ts';
import { SimulatedHost } from './simulated-host.ts';

const SEEDS = 250;
const expected = expectedTotals(SPLITS, COUNT);

/** What befell the jobs of all seeds: a suite in which nothing happens proves nothing. */
const seen = { failures: 0, deaths: 0, restores: 0, checkpoints: 0 };

describe('a job that fails and dies', () => {
  it.each([0, 1, 2, 3, 4])(
    'counts every payment once, seeds %i of 5',
    async (part) => {
      for (let seed = part; seed < SEEDS; seed += 5) await liveAndDie(seed);
    },
    60_000,
  );

  it('was put to the test by the seeds above', () => {
    expect(seen.failures).toBeGreaterThan(SEEDS);
    expect(seen.deaths).toBeGreaterThan(SEEDS / 2);
    expect(seen.restores).toBeGreaterThan(SEEDS);
    expect(seen.checkpoints).toBeGreaterThan(SEEDS);
  });
});

/**
 * Payments fail by their number, counted over all attempts; processes die by the clock, at most two of them,
 * and leave everything as it is. Every process has another parallelism.
 */
async function liveAndDie(seed: number): Promise<void> {
  const deployment = new Deployment();
  const dice = new SimulatedHost({ seed: seed * 7919 });
  const faults = new Set(
    Array.from({ length: 2 }, () => 1 + Math.floor(dice.random() * 1.5 * SPLITS * COUNT)),
  );
  let payments = 0;
  const watch = () => {
    payments += 1;
    if (!faults.has(payments)) return;
    seen.failures += 1;
    throw new Error(`failure at payment ${payments}`);
  };
  for (let ended = false; !ended;) {
    const parallelism = 1 + ((seed + deployment.epoch) % 3);
    const run = await deployment.start({ watch }, { parallelism }, seed);
    const lifeMs = deployment.epoch < 3 ? 20 + Math.floor(dice.random() * 80) : 3_600_000;
    ended = await run.host.runUntil(() => run.end !== undefined, lifeMs);
    seen.restores += run.job.status().checkpoints.counts.restored;
    seen.checkpoints += run.job.status().checkpoints.counts.completed;
    if (!ended) seen.deaths += 1;
    else expect([seed, run.end]).toEqual([seed, { state: 'FINISHED', fenced: false }]);
  }
  expect([seed, deployment.table.rows]).toEqual([seed, expected]);
}
