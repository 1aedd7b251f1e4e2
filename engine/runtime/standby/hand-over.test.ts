import { describe, expect, it } from 'vitest';
import { generator } from '../../connectors/generator/index.ts';
import { application, t, value } from '../../index.ts';
import type { RunnableApplication } from '../application-ref.ts';
import type { JobOptions } from '../job-options.ts';
import { Deployment, type Run, type StandbyRun } from '../job-runs.fixture.ts';

const SAVEPOINT = 'd/savepoints/s';
const SENSORS = 3000;
/** Of these alone readings come once every sensor has had one. */
const BUSY = 4;
/** After so many continued snapshots a whole one is due. */
const LINKS_MAX = 64;

/** Much state, of which little changes. */
function sensors(deployment: Deployment): RunnableApplication {
  return application('sensors', {
    build({ source }) {
      const readings = generator({
        schema: t.row({ sensor: t.int }),
        record: (index) => ({ sensor: index < SENSORS ? index : index % BUSY }),
        ratePerSecond: 10_000,
      });
      source('readings', readings)
        .keyBy(({ sensor }) => sensor)
        .process('latest', {
          output: t.row({ sensor: t.int }),
          state: { readings: value(t.int) },
          onRecord(_, { state }) {
            state.readings.set((state.readings.get() ?? 0) + 1);
            return undefined;
          },
        })
        .to(deployment.table.sink(0), 'nowhere');
    },
  });
}

async function checkpoints(run: Run, more: number): Promise<void> {
  await run.checkpoints(run.job.status().checkpoints.counts.completed + more);
}

async function round(first: Run, next: StandbyRun, name: string): Promise<void> {
  first.job.triggerCheckpoint(name, true);
  await first.until(() => first.job.checkpointStatus(name)?.status === 'completed');
  next.standby.preload(first.job.status().checkpoints.latest.completed?.manifest ?? '');
  await next.until(() => next.standby.standby.preload?.state === 'read');
}

describe('a hand-over', () => {
  it.each([1, 2])(
    'reads what has changed since the last round, whatever was due meanwhile, at parallelism %s',
    async (parallelism) => {
      const deployment = new Deployment();
      const options: Partial<JobOptions> = {
        application: { application: sensors(deployment) },
        parallelism: 2,
      };
      const first = await deployment.start({}, options);
      await first.host.runFor((SENSORS / 10_000) * 1000 + 100);
      await checkpoints(first, 1);
      const next = deployment.standby({}, { ...options, parallelism });
      await round(first, next, 'first');
      await round(first, next, 'second');
      await checkpoints(first, LINKS_MAX + 2);
      expect(await first.savepoint(SAVEPOINT, { stop: true })).toMatchObject({ status: 'completed' });
      await first.toEnd();
      deployment.epoch += 1;
      await deployment.writeHead(deployment.epoch, next.job.id);
      next.standby.begin({
        epoch: deployment.epoch,
        restore: { kind: 'manifest', location: SAVEPOINT },
      });
      await next.until(() => next.job.status().state === 'RUNNING');
      const { operators, bytesAhead, bytesRead } = next.standby.standby.handOver ?? {};
      expect(operators?.find(({ operator }) => operator === 'latest')).not.toHaveProperty('filledAnew');
      const entryBytes = (bytesAhead ?? 0) / SENSORS;
      expect(bytesRead).toBeGreaterThan(0);
      // A chunk has a header of its own, and the positions of sources are always read.
      expect(bytesRead).toBeLessThan((LINKS_MAX + 10) * 2 * (BUSY * entryBytes + 200));
      expect(bytesRead).toBeLessThan((bytesAhead ?? 0) / 2);
    },
    60_000,
  );
});
