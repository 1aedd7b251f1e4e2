import { describe, expect, it } from 'vitest';
import { expectedTotals } from './counting.fixture.ts';
import { readManifest } from './coordinator/manifest.ts';
import { decodeJson } from './coordinator/json-object.ts';
import { Deployment, SPLITS } from './job-runs.fixture.ts';
import type { CheckpointView } from './job-status.ts';

const COUNT = 2000;
const FINISHED = { state: 'FINISHED', fenced: false };

/** Writes of chunks fail while the function says so. */
function failing(deployment: Deployment, fails: (key: string) => boolean): void {
  const put = deployment.storage.put.bind(deployment.storage);
  deployment.storage.put = (key, ...rest) =>
    fails(key) ? Promise.reject(new Error('no space is left')) : put(key, ...rest);
}

describe('checkpoints', () => {
  it('come at their interval, and leave out what falls into another one', async () => {
    const deployment = new Deployment();
    const run = await deployment.start({ count: COUNT }, { checkpointIntervalMs: 50 });
    await run.checkpoints(6);
    const starts = history(run.job.status().checkpoints.history).map(({ triggeredAtMs }) => triggeredAtMs);
    const [first = 0] = starts;
    // The clock of the simulation makes small steps of its own.
    for (const at of starts.slice(1)) expect((at - first) % 50).toBeLessThan(15);
  });

  it('leave a pause between them', async () => {
    const deployment = new Deployment();
    const run = await deployment.start(
      { count: COUNT },
      { checkpointIntervalMs: 20, checkpointMinPauseMs: 60 },
    );
    await run.checkpoints(4);
    const all = history(run.job.status().checkpoints.history);
    for (const [index, { triggeredAtMs }] of all.slice(1).entries()) {
      expect(triggeredAtMs - (all[index]?.endedAtMs ?? Infinity)).toBeGreaterThanOrEqual(60);
    }
  });

  it('write only what has changed, and continue that after a restore', async () => {
    const deployment = new Deployment();
    const first = await deployment.start({ count: COUNT });
    await first.checkpoints(3);
    const second = await deployment.start({ count: COUNT });
    await second.checkpoints(1);
    const [checkpoint] = second.job.status().checkpoints.history.toReversed();
    const { manifest } = await readManifest(deployment.storage, checkpoint?.manifest ?? '');
    const epochs = new Set(
      manifest.operators.flatMap(({ chunks }) => chunks.map(({ key }) => key.split('/')[2])),
    );
    expect(epochs).toEqual(new Set(['1', '2']));
    expect(await second.toEnd()).toEqual(FINISHED);
    expect(deployment.table.rows).toEqual(expectedTotals(SPLITS, COUNT));
  });

  it('say how long each subtask took for what', async () => {
    const run = await new Deployment().start({ count: COUNT });
    await run.checkpoints(2);
    const vertices = Object.values(run.job.status().checkpoints.latest.completed?.vertices ?? {});
    expect(vertices.map(({ acknowledgements }) => acknowledgements.map(({ subtask }) => subtask))).toEqual([
      [0, 1],
      [0, 1],
    ]);
    for (const subtask of vertices.flatMap(({ acknowledgements }) => acknowledgements)) {
      const { startDelayMs, alignmentMs, syncMs, asyncMs } = subtask;
      for (const ms of [startDelayMs, alignmentMs, syncMs, asyncMs]) expect(ms).toBeGreaterThanOrEqual(0);
    }
    expect(vertices[1]?.stateBytes).toBeGreaterThan(0);
  });

  it('are kept as many as was asked for, and named by the head', async () => {
    const deployment = new Deployment();
    const run = await deployment.start({ count: COUNT }, { retainedCheckpoints: 5 });
    await run.checkpoints(8);
    const found = await deployment.storage.get('d/head.json');
    const { checkpoint } = decodeJson('head', found?.bytes ?? new Uint8Array());
    const { id, retained } = checkpoint as { id: number; retained: { id: number }[] }; // what the engine writes
    expect(retained.map((older) => older.id)).toEqual([id - 1, id - 2, id - 3, id - 4]);
  });

  it('go on after a storage that failed for a while, and nothing is lost', async () => {
    const deployment = new Deployment();
    let fails = true;
    failing(deployment, (key) => fails && key.includes('/chunks/'));
    const run = await deployment.start({ count: COUNT }, { tolerableFailedCheckpoints: 1000 });
    await run.until(() => run.job.status().checkpoints.counts.failed === 3);
    expect(run.job.status().checkpoints.latest.failed?.failure).toBe('no space is left');
    fails = false;
    await run.checkpoints(2);
    const next = await deployment.start({ count: COUNT });
    expect(await next.toEnd()).toEqual(FINISHED);
    expect(next.job.status().restarts).toBe(0);
    expect(deployment.table.rows).toEqual(expectedTotals(SPLITS, COUNT));
  });

  it('restart the job when more of them fail in a row than is tolerable', async () => {
    const deployment = new Deployment();
    failing(deployment, (key) => key.includes('/chunks/'));
    const run = await deployment.start({ count: COUNT }, { tolerableFailedCheckpoints: 2 });
    await run.until(() => run.job.status().state === 'RESTARTING');
    expect(run.job.status().checkpoints.counts.failed).toBe(3);
    expect(run.job.status().firstFault?.message).toMatch(/^Checkpoint \d+ failed: no space is left$/);
  });

  it('leave nothing half-done where a savepoint cannot be written', async () => {
    const deployment = new Deployment();
    let copies = 0;
    failing(deployment, (key) => key.startsWith('elsewhere/chunks/') && (copies += 1) > 1);
    failing(deployment, (key) => key === 'd/savepoints/s/manifest.json');
    const run = await deployment.start({ count: COUNT });
    await run.checkpoints(1);
    for (const directory of ['elsewhere', 'd/savepoints/s']) {
      expect((await run.savepoint(directory))?.status).toBe('failed');
      expect(await deployment.keys(`${directory}/`)).toEqual([]);
    }
    expect((await run.savepoint('d/savepoints/t'))?.status).toBe('completed');
  });
});

function history(views: readonly CheckpointView[]): CheckpointView[] {
  return views.filter(({ status }) => status === 'completed').toReversed();
}
