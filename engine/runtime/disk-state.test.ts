import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobOptions } from './job-options.ts';
import { Deployment, type Run, SPLITS } from './job-runs.fixture.ts';
import { profileApplication } from './profiles.fixture.ts';

const COUNT = 800;
/** Half a kilobyte: hardly an entry stays in memory. */
const TINY_MB = 0.0005;

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'disk-state-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function start(deployment: Deployment, more: Partial<JobOptions>): Promise<Run> {
  const application = profileApplication({ splits: SPLITS, count: COUNT, sink: deployment.table.sink(5) });
  return deployment.start({}, { application: { application }, stateMemoryMb: TINY_MB, ...more });
}

async function expectedRows(): Promise<unknown> {
  const deployment = new Deployment();
  await (await start(deployment, { parallelism: 1 })).toEnd();
  return deployment.table.rows;
}

describe('a job with its state on the disk', () => {
  it('gives what it gives on the heap, and leaves no file behind', async () => {
    const deployment = new Deployment();
    const run = await start(deployment, { stateBackend: 'disk', stateDirectory: directory });
    await run.checkpoints(2);
    expect(readdirSync(directory).length).toBe(2);
    expect(await run.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
    expect(deployment.table.rows).toEqual(await expectedRows());
    expect(readdirSync(directory)).toEqual([]);
  });

  it('moves to the heap and back with every restore, at any parallelism', async () => {
    const deployment = new Deployment();
    const lives: readonly Partial<JobOptions>[] = [
      { stateBackend: 'disk', stateDirectory: join(directory, '1'), parallelism: 2 },
      { stateBackend: 'heap', parallelism: 2 },
      { stateBackend: 'disk', stateDirectory: join(directory, '3'), parallelism: 2 },
      { stateBackend: 'disk', stateDirectory: join(directory, '4'), parallelism: 2 },
      { stateBackend: 'disk', stateDirectory: join(directory, '5'), parallelism: 3 },
    ];
    // Processes die without a word, after a checkpoint that began in them.
    for (const life of lives) await (await start(deployment, life)).checkpoints(1);
    const last = await start(deployment, { stateBackend: 'disk', stateDirectory: directory, parallelism: 1 });
    expect(await last.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
    expect(last.job.status().checkpoints.counts.restored).toBe(1);
    expect(deployment.table.rows).toEqual(await expectedRows());
  });

  it('fails with the name of a directory that it cannot write', async () => {
    const deployment = new Deployment();
    const run = await start(deployment, {
      stateBackend: 'disk',
      stateDirectory: '/dev/null/state',
      restart: { kind: 'none' },
    });
    const end = await run.toEnd();
    expect(end?.failure?.message).toContain('Cannot keep state in directory "/dev/null/state/slot-');
    expect(existsSync('/dev/null/state')).toBe(false);
  });
});
