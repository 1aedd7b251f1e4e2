import { describe, expect, it } from 'vitest';
import { countingApplication, expectedTotals, TotalsTable, type CountingOptions } from './counting.fixture.ts';
import { encodeJson } from './coordinator/json-object.ts';
import { InMemoryStorage } from './in-memory-storage.ts';
import { startJob } from './job.ts';
import type { JobOptions } from './job-options.ts';
import type { Job, JobEnd } from './job-status.ts';
import { SimulatedHost } from './simulated-host.ts';

const SPLITS = 3;
const COUNT = 400;
const JOB = 'a'.repeat(32);

function optionsOf(application: Partial<CountingOptions> & Pick<CountingOptions, 'sink'>, more: Partial<JobOptions> = {}): JobOptions {
  return {
    jobId: JOB,
    name: 'counting',
    application: { application: countingApplication({ splits: SPLITS, count: COUNT, ...application }) },
    configuration: {},
    parallelism: 2,
    checkpointIntervalMs: 20,
    epoch: 1,
    prefix: 'd',
    restore: { kind: 'latest-checkpoint' },
    restart: {},
    threads: false,
    ...more,
  };
}

async function endOf(host: SimulatedHost, job: Job): Promise<JobEnd> {
  let end: JobEnd | undefined;
  void job.ended.then((value) => (end = value));
  await host.runUntil(() => end !== undefined);
  if (end === undefined) throw new Error(`The job is still ${job.status().state}.`);
  return end;
}

describe('a job', () => {
  it('reads bounded splits to their end and finishes with every result written', async () => {
    const host = new SimulatedHost({ seed: 1 });
    const table = new TotalsTable();
    const job = startJob(optionsOf({ sink: table.sink(5) }), host);
    expect(await endOf(host, job)).toEqual({ state: 'FINISHED', fenced: false });
    expect(table.rows).toEqual(expectedTotals(SPLITS, COUNT));
    expect(host.events.filter(({ type }) => type === 'job-state-changed')).toMatchObject(
      ['CREATED', 'RUNNING', 'FINISHED'].map((state) => ({ state })),
    );
  });

  it('does the same again with the same seed', async () => {
    const run = async () => {
      const host = new SimulatedHost({ seed: 7 });
      const table = new TotalsTable();
      await endOf(host, startJob(optionsOf({ sink: table.sink(5), ratePerSecond: 2000 }), host));
      return [host.events, host.clock.now(), table.writes];
    };
    expect(await run()).toEqual(await run());
  });

  it('counts every payment once, wherever it fails and wherever its process dies', async () => {
    const expected = expectedTotals(SPLITS, COUNT);
    let [failures, deaths, restores] = [0, 0, 0];
    for (let seed = 1; seed <= 300; seed += 1) {
      const storage = new InMemoryStorage();
      const table = new TotalsTable();
      const dice = new SimulatedHost({ seed: seed * 7919 });
      // Failures by the number of payments seen, over all attempts; deaths by the clock.
      const faults = new Set(Array.from({ length: 2 }, () => 1 + Math.floor(dice.random() * 2 * SPLITS * COUNT)));
      let seen = 0;
      const watch = () => {
        seen += 1;
        if (!faults.has(seen)) return;
        failures += 1;
        throw new Error(`failure at payment ${seen}`);
      };
      for (let epoch = 1; ; epoch += 1) {
        const host = new SimulatedHost({ seed: seed * 31 + epoch, storage });
        await bumpEpoch(storage, epoch);
        const sink = table.sink(5);
        const job = startJob(optionsOf({ sink, watch, ratePerSecond: 4000 }, { epoch, jobId: `${epoch}`.padStart(32, '0'), parallelism: 1 + ((seed + epoch) % 3), restart: { initialDelayMs: 10 } }), host);
        let end: JobEnd | undefined;
        void job.ended.then((value) => (end = value));
        const lifeMs = epoch < 3 ? 20 + Math.floor(dice.random() * 150) : 3_600_000;
        await host.runUntil(() => end !== undefined, lifeMs);
        restores += job.status().checkpoints.counts.restored;
        if (end !== undefined) {
          expect([seed, end]).toEqual([seed, { state: 'FINISHED', fenced: false }]);
          break;
        }
        deaths += 1;
      }
      expect([seed, table.rows]).toEqual([seed, expected]);
    }
    console.log({ failures, deaths, restores });
  }, 60_000);
});

/** What the control plane does before it starts a job: a higher epoch, the same checkpoint. */
async function bumpEpoch(storage: InMemoryStorage, epoch: number): Promise<void> {
  const found = await storage.get('d/head.json');
  const head = found === undefined ? {} : (JSON.parse(new TextDecoder().decode(found.bytes)) as object);
  await storage.put('d/head.json', encodeJson({ ...head, epoch, jobId: `${epoch}` }));
}
