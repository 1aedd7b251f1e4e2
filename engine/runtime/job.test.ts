import { describe, expect, it } from 'vitest';
import { chunksOf, readManifest } from './coordinator/manifest.ts';
import { expectedTotals } from './counting.fixture.ts';
import { COUNT, Deployment, SPLITS } from './job-runs.fixture.ts';

const FINISHED = { state: 'FINISHED', fenced: false };

describe('a job', () => {
  it('reads bounded splits to their end and finishes with every result written', async () => {
    const deployment = new Deployment();
    const run = await deployment.start();
    expect(await run.toEnd()).toEqual(FINISHED);
    expect(deployment.table.rows).toEqual(expectedTotals(SPLITS, COUNT));
    const { vertices } = run.job.status();
    expect(sum(vertices[0]?.subtasks ?? [])).toBe(SPLITS * COUNT);
    expect(run.host.events.filter(({ type }) => type === 'job-state-changed')).toMatchObject(
      ['CREATED', 'RUNNING', 'FINISHED'].map((state) => ({ state })),
    );
  });

  it('does the same again with the same seed', async () => {
    const once = async () => {
      const deployment = new Deployment();
      const run = await deployment.start();
      await run.toEnd();
      return [run.host.events, run.host.clock.now(), deployment.table.writes];
    };
    expect(await once()).toEqual(await once());
  });

  it('shows what every operator has done', async () => {
    const run = await new Deployment().start();
    await run.until(() => run.job.status().vertices[0]?.subtasks[0]?.recordsIn !== 0);
    await run.checkpoints(1);
    const { vertices, graphHash, maxParallelism } = run.job.status();
    expect(graphHash).toMatch(/^[0-9a-f]{64}$/);
    expect(maxParallelism).toBe(128);
    expect(vertices.map(({ name, inputs }) => [name, inputs.map(({ exchange }) => exchange)])).toEqual([
      ['payments -> watch', []],
      ['per-country -> totals', ['hash']],
    ]);
    expect(vertices[0]?.subtasks.map(({ state, attempt }) => [state, attempt])).toEqual([
      ['RUNNING', 0],
      ['RUNNING', 0],
    ]);
  });

  it('cancels without keeping its state', async () => {
    const deployment = new Deployment();
    const run = await deployment.start();
    await run.checkpoints(1);
    const cancelled = run.job.cancel();
    expect(run.job.status().state).toBe('CANCELLING');
    expect(await run.toEnd()).toEqual({ state: 'CANCELED', fenced: false });
    await cancelled;
    const rows = deployment.table.rows;
    await run.host.runFor(60_000);
    expect(deployment.table.rows).toEqual(rows);
  });

  it('keeps three checkpoints and no object that none of them needs', async () => {
    const deployment = new Deployment();
    const run = await deployment.start({ count: 2000 });
    await run.checkpoints(6);
    // What is no longer needed goes while the job goes on.
    let left = await objectsOf(deployment);
    const settled = ({ present, manifests, needed }: typeof left): boolean =>
      manifests.length === 3 && present.length === needed.length;
    for (let tries = 0; tries < 100 && !settled(left); tries += 1) {
      await run.host.runFor(1);
      left = await objectsOf(deployment);
    }
    expect(left.present).toEqual(left.needed);
    expect(left.manifests).toHaveLength(3);
  });
});

/** Checkpoints and chunks that are there, and those that the checkpoints need. */
async function objectsOf(deployment: Deployment) {
  const present = [...(await deployment.keys('d/chunks/')), ...(await deployment.keys('d/jobs/'))];
  const manifests = present.filter((key) => key.includes('/chk-'));
  const needed = new Set<string>(manifests);
  for (const key of manifests) {
    const { manifest } = await readManifest(deployment.storage, key);
    for (const chunk of chunksOf(manifest)) needed.add(chunk.key);
  }
  return { present, manifests, needed: [...needed].sort() };
}

function sum(subtasks: readonly { readonly recordsIn: number }[]): number {
  return subtasks.reduce((total, { recordsIn }) => total + recordsIn, 0);
}
