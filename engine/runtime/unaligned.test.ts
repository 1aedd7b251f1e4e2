import { describe, expect, it } from 'vitest';
import { congestedApplication, expectedCongested } from './congested.fixture.ts';
import { readManifest, type Manifest } from './coordinator/manifest.ts';
import { isInFlightState } from './in-flight-parts.ts';
import type { JobOptions } from './job-options.ts';
import { Deployment, type Run } from './job-runs.fixture.ts';
import type { SubtaskCheckpointView } from './job-status.ts';
import { SimulatedHost } from './simulated-host.ts';

const SEEDS = 16;
const [SPLITS, COUNT] = [3, 2400];
const expected = expectedCongested(SPLITS, COUNT);

/** What befell the jobs of all seeds: a suite in which nothing happens proves nothing. */
const seen = { deaths: 0, overtaking: 0, restores: 0 };

describe('a job whose barriers overtake records', () => {
  it.each([0, 1, 2, 3])(
    'counts every payment once when it dies, seeds %i of 4',
    async (part) => {
      for (let seed = part; seed < SEEDS; seed += 4) await liveAndDie(seed);
    },
    60_000,
  );

  it('was put to the test by the seeds above', () => {
    expect(seen.deaths).toBeGreaterThan(SEEDS);
    expect(seen.overtaking).toBeGreaterThan(10 * SEEDS);
    expect(seen.restores).toBeGreaterThan(SEEDS);
  });
});

describe('records in flight', () => {
  it('are in no savepoint', async () => {
    const deployment = new Deployment();
    const run = await start(deployment, { unalignedAfterMs: 0 });
    await run.until(() => overtaking(run).length > 0);
    expect(await run.savepoint('d/savepoints/s', { stop: true })).toMatchObject({ status: 'completed' });
    const { manifest } = await readManifest(deployment.storage, 'd/savepoints/s');
    expect(inFlightOf(manifest)).toEqual([]);
    expect(manifest.operators.some(({ chunks }) => chunks.length > 0)).toBe(true);
  });

  it('are restored into the program that they were written for, and refused by another', async () => {
    const deployment = new Deployment();
    const run = await start(deployment, { unalignedAfterMs: 0 });
    await run.until(() => holdingRecords(run) !== undefined);
    const location = holdingRecords(run) ?? '';
    void run.job.cancel();
    await run.toEnd();
    const { manifest } = await readManifest(deployment.storage, location);
    expect(inFlightOf(manifest)).not.toEqual([]);
    const application = congestedApplication({
      splits: SPLITS,
      count: COUNT,
      sink: deployment.table.sink(1),
      sinkName: 'elsewhere',
    });
    const changed = await deployment.start(
      {},
      {
        application: { application },
        restore: { kind: 'manifest', location, allowNonRestoredState: true },
      },
    );
    const end = await changed.toEnd();
    expect(end?.failure?.message).toMatch(
      /^Cannot restore from ".*": it holds records in flight to operator/,
    );
    const same = await start(deployment, { restore: { kind: 'manifest', location } });
    expect(await same.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
  });
});

/** Processes die by the clock and leave everything as it is; every one but the second has another parallelism. */
async function liveAndDie(seed: number): Promise<void> {
  const deployment = new Deployment();
  const dice = new SimulatedHost({ seed: seed * 7919 });
  for (let ended = false; !ended;) {
    const parallelism = 1 + ((seed + Math.max(1, deployment.epoch)) % 3);
    const unalignedAfterMs = seed % 3 === 0 ? 0 : seed % 7;
    const run = await start(deployment, { parallelism, unalignedAfterMs }, seed);
    const lifeMs = deployment.epoch < 5 ? 20 + Math.floor(dice.random() * 500) : 60_000;
    ended = await run.host.runUntil(() => run.end !== undefined, lifeMs);
    seen.restores += run.job.status().checkpoints.counts.restored;
    seen.overtaking += overtaking(run).length;
    if (!ended) seen.deaths += 1;
    else expect([seed, run.end]).toEqual([seed, { state: 'FINISHED', fenced: false }]);
  }
  expect([seed, wrongRows(deployment.table.rows)]).toEqual([seed, []]);
}

/** Some of the rows that are not as they must be; all of them would be too many to be shown. */
function wrongRows(rows: ReadonlyMap<string, string>): readonly string[] {
  const keys = new Set([...rows.keys(), ...expected.keys()]);
  const wrong = [...keys].filter((key) => rows.get(key) !== expected.get(key));
  return wrong.slice(0, 5).map((key) => `${key} is ${rows.get(key)} and not ${expected.get(key)}`);
}

function inFlightOf({ operators }: Manifest): readonly string[] {
  return operators
    .flatMap(({ chunks }) => chunks.map(({ state }) => state))
    .filter((state) => isInFlightState(state));
}

/** The last checkpoint of the run that completed with records in flight. */
function holdingRecords(run: Run): string | undefined {
  const held = run.job
    .status()
    .checkpoints.history.filter(({ vertices }) =>
      Object.values(vertices).some(({ acknowledgements }) => acknowledgements.some(isOvertaking)),
    );
  return held.find(({ manifest }) => manifest !== undefined)?.manifest;
}

function isOvertaking({ overtakenBytes = 0 }: SubtaskCheckpointView): boolean {
  return overtakenBytes > 0;
}

function start(deployment: Deployment, more: Partial<JobOptions>, seed = 1): Promise<Run> {
  const sink = deployment.table.sink(60);
  const application = congestedApplication({ splits: SPLITS, count: COUNT, sink });
  return deployment.start({}, { application: { application }, ...more }, seed);
}

/** The snapshots of the run that hold records in flight. */
function overtaking(run: Run): readonly SubtaskCheckpointView[] {
  return run.job
    .status()
    .checkpoints.history.flatMap(({ vertices }) => Object.values(vertices))
    .flatMap(({ acknowledgements }) => acknowledgements)
    .filter(isOvertaking);
}
