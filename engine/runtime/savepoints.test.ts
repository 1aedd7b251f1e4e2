import { describe, expect, it } from 'vitest';
import { operatorId } from '../data/operator-id.ts';
import { encodeJson } from './coordinator/json-object.ts';
import { readManifest } from './coordinator/manifest.ts';
import type { DataflowNode } from '../graph/dataflow-graph.ts';
import { countingGraph, expectedTotals } from './counting.fixture.ts';
import { COUNT, Deployment, SPLITS } from './job-runs.fixture.ts';

const expected = expectedTotals(SPLITS, COUNT);
const FINISHED = { state: 'FINISHED', fenced: false };

describe('a savepoint', () => {
  it('carries the state to other parallelisms: 1, then 3, then 2', async () => {
    const deployment = new Deployment();
    for (const [round, parallelism] of [1, 3].entries()) {
      const run = await deployment.start({}, { parallelism, restore: restoreOf(round) });
      await run.host.runFor(25);
      expect(await run.savepoint(`s/${round + 1}`, { stop: true })).toMatchObject({
        status: 'completed',
        location: `s/${round + 1}`,
      });
      expect(await run.toEnd()).toEqual(FINISHED);
    }
    const last = await deployment.start({}, { parallelism: 2, restore: restoreOf(2) });
    expect(await last.toEnd()).toEqual(FINISHED);
    expect(deployment.table.rows).toEqual(expected);
  });

  it('leaves a job running that is not to stop, and the head where it was', async () => {
    const deployment = new Deployment();
    const run = await deployment.start({}, { checkpointIntervalMs: 0 });
    await run.until(() => run.job.status().state === 'RUNNING');
    expect(await run.savepoint('s/1')).toMatchObject({ status: 'completed', checkpointId: 1 });
    expect((await readManifest(deployment.storage, 's/1')).manifest.savepoint).toBe(true);
    expect(new TextDecoder().decode((await deployment.storage.get('d/head.json'))?.bytes)).not.toContain(
      'checkpoint',
    );
    expect(await run.toEnd()).toEqual(FINISHED);
    expect(deployment.table.rows).toEqual(expected);
  });

  it('owns all of its objects', async () => {
    const deployment = new Deployment();
    const run = await deployment.start();
    await run.checkpoints(1);
    await run.savepoint('s/1', { stop: true });
    await deployment.storage.delete(await deployment.keys('d/jobs/'));
    const next = await deployment.start({}, { restore: { kind: 'manifest', location: 's/1' } });
    expect(await next.toEnd()).toEqual(FINISHED);
    expect(deployment.table.rows).toEqual(expected);
  });

  it('fires every window first when the job drains', async () => {
    const deployment = new Deployment();
    const run = await deployment.start();
    await run.host.runFor(25);
    await run.savepoint('s/1', { stop: true, drain: true });
    await run.toEnd();
    const { manifest } = await readManifest(deployment.storage, 's/1');
    const read = manifest.splits.reduce((sum, { position }) => sum + Number(position), 0);
    const counted = [...deployment.table.rows.values()].reduce(
      (sum, total) => sum + Number(total.split('/')[0]),
      0,
    );
    expect(counted).toBe(read);
    expect(read).toBeGreaterThan(0);
  });

  it('is not written over another one, and its failure does not stop the job', async () => {
    const deployment = new Deployment();
    const run = await deployment.start({}, { checkpointIntervalMs: 0 });
    await run.savepoint('s/1');
    run.job.savepoint({ directory: 's/1', stop: true, triggerId: 'again' });
    await run.until(() => run.job.savepointStatus('again')?.status !== 'in-progress');
    expect(run.job.savepointStatus('again')).toEqual({
      status: 'failed',
      failure: 'Cannot write a savepoint to "s/1": there is one already; give an empty directory',
    });
    expect(await run.toEnd()).toEqual(FINISHED);
    expect(deployment.table.rows).toEqual(expected);
  });

  it('is taken once for a trigger that is sent twice', async () => {
    const run = await new Deployment().start({}, { checkpointIntervalMs: 0 });
    await run.savepoint('s/1');
    expect(await run.savepoint('s/1')).toMatchObject({ status: 'completed', checkpointId: 1 });
    expect(run.job.status().checkpoints.counts.total).toBe(1);
  });

  it('fails at once, with the reason, while nothing runs', async () => {
    const run = await new Deployment().start();
    await run.toEnd();
    run.job.savepoint({ directory: 's/1', stop: false, triggerId: 'late' });
    expect(run.job.savepointStatus('late')).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('is FINISHED'),
    });
  });
});

describe('a restore', () => {
  it('is refused when the program lost an operator with state, unless that is allowed', async () => {
    const deployment = new Deployment();
    const first = await deployment.start();
    await first.checkpoints(1);
    await first.savepoint('s/1', { stop: true });
    await renameOperator(deployment, 's/1/manifest.json', 'per-country', 'by-land');
    const refused = await deployment.start({}, { restore: { kind: 'manifest', location: 's/1' } });
    expect(await refused.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: {
        name: 'Refusal',
        message: expect.stringContaining('the program has no operator "by-land" for its state'),
      },
    });
    const allowed = await deployment.start(
      {},
      { restore: { kind: 'manifest', location: 's/1', allowNonRestoredState: true } },
    );
    expect(await allowed.toEnd()).toEqual(FINISHED);
  });

  it('is refused at once where the state does not fit the program, since no further try can heal that', async () => {
    const deployment = new Deployment();
    const first = await deployment.start();
    await first.checkpoints(1);
    await first.savepoint('s/1', { stop: true });
    const { nodes } = countingGraph({ splits: SPLITS, count: COUNT, sink: deployment.table.sink(5) });
    const application = {
      name: 'next',
      build: () => ({ application: 'next', nodes: nodes.map(withoutVolume) }),
    };
    const refused = await deployment.start(
      {},
      { application: { application }, restore: { kind: 'manifest', location: 's/1' } },
    );
    expect(await refused.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: { name: 'StateMigrationError', message: expect.stringContaining('of operator "per-country"') },
    });
    expect(refused.job.status().restarts).toBe(0);
  });

  it('goes on under new names of operators, also when it fails before its first checkpoint', async () => {
    const deployment = new Deployment();
    const first = await deployment.start();
    await first.checkpoints(1);
    await first.savepoint('s/1', { stop: true });
    await renameOperator(deployment, 's/1/manifest.json', 'per-country', 'by-land');
    await renameOperator(deployment, 's/1/manifest.json', 'payments', 'receipts');
    const renames = { 'by-land': 'per-country', receipts: 'payments' };
    let watched = 0;
    const next = await deployment.start(
      {
        watch: () => {
          watched += 1;
          if (watched === 10) throw new Error('failure at payment 10');
        },
      },
      { checkpointIntervalMs: 0, restore: { kind: 'manifest', location: 's/1', renames } },
    );
    expect(await next.toEnd()).toEqual(FINISHED);
    expect(next.job.status().restarts).toBe(1);
    expect(deployment.table.rows).toEqual(expected);
  });

  it('is refused where the state has no operator that was renamed', async () => {
    const deployment = new Deployment();
    const first = await deployment.start();
    await first.savepoint('s/1', { stop: true });
    const restore = { kind: 'manifest', location: 's/1', renames: { land: 'country' } } as const;
    const refused = await deployment.start({}, { restore });
    expect(await refused.toEnd()).toMatchObject({
      failure: {
        name: 'Refusal',
        message:
          'Cannot restore from "s/1/manifest.json" with operator "land" renamed to "country": the state has no operator "land", it has "payments", "watch", "per-country", "totals"',
      },
    });
  });

  it('is refused for another max parallelism, and takes that of the state when none is given', async () => {
    const deployment = new Deployment();
    const first = await deployment.start({}, { maxParallelism: 64 });
    await first.savepoint('s/1', { stop: true });
    const restore = { kind: 'manifest', location: 's/1' } as const;
    const refused = await deployment.start({}, { restore, maxParallelism: 128 });
    expect(await refused.toEnd()).toMatchObject({
      failure: { message: expect.stringContaining('it has max parallelism 64, the job has 128') },
    });
    const taken = await deployment.start({}, { restore });
    await taken.toEnd();
    expect(taken.job.status().maxParallelism).toBe(64);
    expect(deployment.table.rows).toEqual(expected);
  });

  it('names an object that is not what was written', async () => {
    const deployment = new Deployment();
    const first = await deployment.start();
    await first.checkpoints(1);
    await first.savepoint('s/1', { stop: true });
    const chunk = (await deployment.keys('s/1/chunks/'))[0] ?? '';
    await deployment.storage.put(chunk, new Uint8Array(7));
    const next = await deployment.start({}, { restore: { kind: 'manifest', location: 's/1' } });
    expect(await next.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: { message: expect.stringContaining(`object "${chunk}" is corrupt`) },
    });
  });

  it('names a savepoint that is not there', async () => {
    const run = await new Deployment().start({}, { restore: { kind: 'manifest', location: 's/none' } });
    expect(await run.toEnd()).toMatchObject({
      failure: { message: 'Cannot restore from "s/none": there is no object "s/none/manifest.json"' },
    });
  });
});

function restoreOf(round: number) {
  return round === 0 ? ({ kind: 'none' } as const) : ({ kind: 'manifest', location: `s/${round}` } as const);
}

async function renameOperator(deployment: Deployment, key: string, from: string, to: string): Promise<void> {
  const { manifest } = await readManifest(deployment.storage, key.replace('/manifest.json', ''));
  const renamed = {
    ...manifest,
    operators: manifest.operators.map((operator) =>
      operator.name === from ? { ...operator, name: to, id: operatorId(to) } : operator,
    ),
    splits: manifest.splits.map((split) =>
      split.operatorId === operatorId(from) ? { ...split, operatorId: operatorId(to) } : split,
    ),
    // Its chunks are named in full now.
    selfContained: false,
  };
  await deployment.storage.put(key, encodeJson(renamed));
}

/** The next version of the program, which counts and no longer sums. */
function withoutVolume(node: DataflowNode): DataflowNode {
  if (node.definition.kind !== 'window') return node;
  return { ...node, definition: { ...node.definition, aggregates: { payments: { kind: 'count' } } } };
}
