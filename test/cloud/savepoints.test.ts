/** Savepoints as kept records, and forks, over the local cloud's services. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OperationId } from '#contract/api/routes.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { Answer, ControlPlane, Request } from './control-plane-fixture.ts';

let plane: ControlPlane;
const namespace = 'default';
const application = 'payments-dashboard';
const graph = {
  nodes: [
    { id: 'a'.repeat(32), name: 'payments', kind: 'source', inputs: [], state: [], description: {} },
    { id: 'b'.repeat(32), name: 'totals', kind: 'sink', inputs: [], state: [], description: {} },
  ],
};

beforeAll(async () => {
  plane = await openControlPlane();
  const inNamespace = { params: { namespace } };
  await plane.call('createApplication', { ...inNamespace, body: { name: application } });
  const size = { sha256, sizeBytes: BUNDLE.length };
  const upload = await plane.call('createUpload', { params: { namespace, application }, body: size });
  await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: BUNDLE });
  const version = await plane.call('createApplicationVersion', {
    params: { namespace, application },
    body: { ...size, graphHash: 'b'.repeat(64), graph },
  });
  expect(version.status).toBe(201);
});

afterAll(async () => plane.close());

const of = (deployment: string, savepoint?: string) => ({
  params: { namespace, deployment, ...(savepoint === undefined ? {} : { savepoint }) },
});

function ask(id: OperationId, deployment: string, request: Request = {}): Promise<Answer> {
  return plane.call(id, {
    ...of(deployment),
    body: {},
    headers: { 'idempotency-key': randomUUID() },
    ...request,
  });
}

async function carriedOut(id: OperationId, deployment: string, request: Request = {}): Promise<Operation> {
  const answer = await ask(id, deployment, request);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return plane.carryOut(answer.body);
}

async function running(name: string, spec: Record<string, unknown> = {}): Promise<void> {
  const body = { name, spec: { application, version: 1, ...spec } };
  const created = await plane.call('createDeployment', { params: { namespace }, body });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  expect(await carriedOut('startDeployment', name)).toMatchObject({ state: 'succeeded', problem: null });
}

async function savepointOf(name: string): Promise<string> {
  const operation = await carriedOut('createSavepoint', name);
  expect(operation).toMatchObject({ state: 'succeeded' });
  return operation.savepointId ?? '';
}

async function list(deployment: string, query: Record<string, string> = {}): Promise<Answer['body'][]> {
  return (await plane.call('listSavepoints', { ...of(deployment), query })).body.items;
}

describe('a savepoint', () => {
  test('goes to the trash, comes back, and is gone for good only after a purge', async () => {
    await running('trash');
    const id = await savepointOf('trash');
    const deleted = await plane.call('deleteSavepoint', of('trash', id));
    expect(deleted).toMatchObject({ status: 200, body: { state: 'deleted', deletion: { by: 'user:test' } } });
    expect(await list('trash')).toEqual([]);
    expect(await list('trash', { deleted: 'true' })).toMatchObject([{ id }]);
    const start = await ask('startDeployment', 'trash', { query: { dryRun: true } });
    expect(start.body.code).toBe('verb-not-allowed');

    expect((await plane.call('undeleteSavepoint', of('trash', id))).body).toMatchObject({
      state: 'completed',
      deletion: null,
    });
    expect(await list('trash')).toMatchObject([{ id, state: 'completed' }]);

    await plane.call('deleteSavepoint', { ...of('trash', id), query: { purge: true } });
    expect(await list('trash', { deleted: 'true' })).toEqual([]);
    expect((await plane.call('getSavepoint', of('trash', id))).status).toBe(404);
    const names = (await plane.call('listEvents', of('trash'))).body.items.map(
      (event: { name: string }) => event.name,
    );
    expect(names).toEqual(
      expect.arrayContaining(['savepoint-deleted', 'savepoint-restored', 'savepoint-disposed']),
    );
  });

  test('that is held is deleted by nobody until it is released', async () => {
    await running('held');
    const id = await savepointOf('held');
    const held = await plane.call('holdSavepoint', { ...of('held', id), body: { reason: 'case 4711' } });
    expect(held.body.hold).toMatchObject({ reason: 'case 4711', by: 'user:test' });
    for (const purge of [true, false]) {
      const refused = await plane.call('deleteSavepoint', { ...of('held', id), query: { purge } });
      expect(refused).toMatchObject({ status: 409, body: { code: 'savepoint-held' } });
      expect(refused.body.detail).toContain('case 4711');
    }
    await plane.call('releaseSavepoint', of('held', id));
    expect((await plane.call('deleteSavepoint', of('held', id))).status).toBe(200);
  });

  test('is found by origin, job and namespace', async () => {
    await running('filtered');
    await savepointOf('filtered');
    await carriedOut('suspendDeployment', 'filtered');
    expect(await list('filtered', { origin: 'suspend' })).toMatchObject([{ origin: 'suspend' }]);
    expect(await list('filtered', { job: '2' })).toEqual([]);
    const all = await plane.call('listNamespaceSavepoints', { params: { namespace }, query: { limit: 200 } });
    const here = all.body.items.filter((one: { deployment: string }) => one.deployment === 'filtered');
    expect(here).toHaveLength(2);
  });

  test('is made of the newest checkpoint when a job ends without one', async () => {
    await running('kept');
    await carriedOut('cancelDeployment', 'kept');
    const [kept] = await list('kept');
    expect(kept).toMatchObject({ origin: 'retained-checkpoint', state: 'completed', jobNumber: 1 });
    const plan = await ask('startDeployment', 'kept', { query: { dryRun: true } });
    expect(plan.body.restore).toMatchObject({ kind: 'savepoint', savepointId: kept.id });
    await carriedOut('startDeployment', 'kept', { body: { restoreStrategy: { kind: 'none' } } });
    expect(await list('kept')).toHaveLength(1);
  });
});

describe('a fork', () => {
  const fork = (body: Record<string, unknown>, request: Request = {}): Request => ({ body, ...request });

  test('of a running deployment begins from a savepoint of this moment, and captures its sinks', async () => {
    await running('origin');
    const answer = await ask('forkDeployment', 'origin', fork({ name: 'staging' }));
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    expect(answer.body).toMatchObject({ deployment: 'staging', kind: 'fork' });
    expect(answer.body.plan.warnings.join(' ')).toContain('captured');
    const parent = await plane.deployment('origin');
    const taking = await plane.call('getOperation', {
      params: { namespace, operation: parent.status.operationId },
    });
    await plane.carryOut(taking.body);
    expect(await plane.carryOut(answer.body)).toMatchObject({ state: 'succeeded', problem: null });
    const staging = await plane.deployment('staging');
    expect(staging).toMatchObject({
      status: { state: 'running' },
      parent: { deployment: 'origin' },
      spec: { sinks: { every: 'capture' } },
    });
    const [copy] = await list('staging');
    expect(copy).toMatchObject({ origin: 'copied', copiedFrom: { deployment: 'origin' } });
    expect(copy.location).toContain(`checkpoints/${parent.id}/savepoints/`);
    const [job] = (await plane.call('listJobs', of('staging'))).body.items;
    expect(job.restoredFrom).toMatchObject({ kind: 'savepoint', savepointId: copy.id });
  });

  test('outlives the savepoint that it was made of', async () => {
    await running('short');
    const id = await savepointOf('short');
    const asked = await ask('forkDeployment', 'short', fork({ name: 'long', savepointId: id }));
    const refused = await plane.call('deleteSavepoint', { ...of('short', id), query: { purge: true } });
    expect(refused.body).toMatchObject({ code: 'savepoint-in-use' });
    expect(refused.body.detail).toContain('"long"');
    await plane.carryOut(asked.body);
    const deleted = await plane.call('deleteSavepoint', { ...of('short', id), query: { purge: true } });
    expect(deleted.status).toBe(200);
    const [copy] = await list('long');
    const contents = await plane.call('getSavepointContents', of('long', copy.id));
    expect(contents.status).not.toBe(404);
  });

  test('outlives the deployment that it was made of', async () => {
    await running('gone');
    const { id } = await plane.deployment('gone');
    const savepointId = await savepointOf('gone');
    await carriedOut('forkDeployment', 'gone', fork({ name: 'heir', savepointId }));
    await carriedOut('suspendDeployment', 'gone');
    await carriedOut('deleteDeployment', 'gone', { query: { purge: true } });
    await plane.purge();
    expect((await plane.call('getDeployment', of('gone'))).status).toBe(404);
    // What the copy refers to lies in the folder of its parent: the mark that it does must not go with that.
    const [copy] = await list('heir');
    const { platform } = await import('#functions/middleware/platform.ts');
    expect(await platform().stores.savepointCopies.of(id)).toMatchObject([{ id: copy.id }]);
  });

  test('without state is a duplicate, and may go to another namespace', async () => {
    await running('here');
    await plane.call('createNamespace', { body: { name: 'elsewhere' } });
    const body = { name: 'there', namespace: 'elsewhere', state: 'none' };
    const planned = await ask('forkDeployment', 'here', { body, query: { dryRun: true } });
    expect(planned).toMatchObject({ status: 200, body: { restore: { kind: 'none' } } });
    const asked = await ask('forkDeployment', 'here', { body });
    expect(await plane.carryOut(asked.body)).toMatchObject({ state: 'succeeded' });
    const there = await plane.call('getDeployment', {
      params: { namespace: 'elsewhere', deployment: 'there' },
    });
    expect(there.body).toMatchObject({ spec: { version: 1 }, parent: { deployment: 'here' } });
  });

  test('asked for twice with one key is one, and a name that is taken is refused', async () => {
    await running('twice');
    const headers = { 'idempotency-key': 'one' };
    const body = { name: 'copy-of-twice', state: 'none' };
    const first = await ask('forkDeployment', 'twice', { body, headers });
    const second = await ask('forkDeployment', 'twice', { body, headers });
    expect(second.body.id).toBe(first.body.id);
    const third = await ask('forkDeployment', 'twice', { body });
    expect(third.body.code).toBe('already-exists');
  });
});
