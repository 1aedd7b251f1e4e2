/** Verbs that wait, that are cancelled, that end a deployment, and that are asked of many at once. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OperationId } from '#contract/api/routes.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { Answer, ControlPlane, Request } from './control-plane-fixture.ts';

const namespace = 'default';
const application = 'payments';
let plane: ControlPlane;

beforeAll(async () => {
  plane = await openControlPlane();
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  const size = { sha256, sizeBytes: BUNDLE.length };
  const upload = await plane.call('createUpload', { params: { namespace, application }, body: size });
  await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: BUNDLE });
  const version = { ...size, graphHash: 'b'.repeat(64), graph: { nodes: [] } };
  await plane.call('createApplicationVersion', { params: { namespace, application }, body: version });
});

afterAll(async () => plane.close());

function ask(id: OperationId, deployment: string, request: Request = {}): Promise<Answer> {
  return plane.call(id, {
    params: { namespace, deployment },
    body: {},
    headers: { 'idempotency-key': randomUUID() },
    ...request,
  });
}

async function create(name: string, labels: Record<string, string> = {}, spec = {}): Promise<void> {
  const body = { name, labels, spec: { application, version: 1, ...spec } };
  const created = await plane.call('createDeployment', { params: { namespace }, body });
  expect(created.status).toBe(201);
}

async function running(name: string, labels: Record<string, string> = {}, spec = {}): Promise<void> {
  await create(name, labels, spec);
  const started = await plane.carryOut((await ask('startDeployment', name)).body);
  expect(started).toMatchObject({ state: 'succeeded', problem: null });
}

const operation = async (id: string): Promise<Operation> =>
  (await plane.call('getOperation', { params: { namespace, operation: id } })).body;
const cancel = (id: string): Promise<Answer> =>
  plane.call('cancelOperation', { params: { namespace, operation: id } });
const eventsOf = async (deployment: string): Promise<string[]> =>
  (await plane.call('listEvents', { params: { namespace, deployment } })).body.items.map(
    ({ name }: { name: string }) => name,
  );

describe('a drain', () => {
  test('ends the deployment as finished, with a savepoint behind the last window', async () => {
    await running('drained');
    const plan = await ask('drainDeployment', 'drained', { query: { dryRun: true } });
    expect(plan.body.warnings[0]).toContain('windows');
    const ended = await plane.carryOut((await ask('drainDeployment', 'drained')).body);
    expect(ended).toMatchObject({ state: 'succeeded', problem: null });
    expect((await plane.deployment('drained')).status.state).toBe('finished');
    const params = { namespace, deployment: 'drained' };
    expect((await plane.call('getJob', { params: { ...params, job: 1 } })).body.state).toBe('finished');
    const [savepoint] = (await plane.call('listSavepoints', { params })).body.items;
    expect(savepoint).toMatchObject({ origin: 'suspend', state: 'completed' });
  });
});

describe('a rescale', () => {
  test('gives spec and job the new parallelism by a revision, and changes nothing where the job refuses', async () => {
    await running('rescaled', {}, { parallelism: 2 });
    const asked = await ask('rescaleDeployment', 'rescaled', { body: { parallelism: 4 } });
    expect(await plane.carryOut(asked.body)).toMatchObject({ state: 'succeeded', problem: null });
    const after = await plane.deployment('rescaled');
    expect(after).toMatchObject({ spec: { parallelism: 4 }, specRevision: 2, status: { state: 'running' } });
    const job = await plane.call('getJob', { params: { namespace, deployment: 'rescaled', job: 1 } });
    expect(job.body).toMatchObject({ state: 'running', spec: { parallelism: 4 }, specRevision: 2 });

    const refused = await ask('rescaleDeployment', 'rescaled', { body: { parallelism: 64 } });
    expect(await plane.carryOut(refused.body)).toMatchObject({
      state: 'failed',
      problem: { code: 'job-refused', detail: expect.stringContaining('too few key groups') },
    });
    const same = await plane.deployment('rescaled');
    expect(same).toMatchObject({ spec: after.spec, specRevision: 2, status: { state: 'running' } });

    const again = await ask('rescaleDeployment', 'rescaled', { body: { parallelism: 4 } });
    await plane.carryOut(again.body);
    const told = (await eventsOf('rescaled')).filter((name) => name === 'job-rescaled');
    expect(told).toHaveLength(1);
  });
});

describe('a queue', () => {
  test('a verb that waits begins after the one before it, and is decided when its turn comes', async () => {
    await running('queued');
    const first = (await ask('suspendDeployment', 'queued')).body as Operation;
    const refused = await ask('startDeployment', 'queued');
    expect(refused).toMatchObject({ status: 409, body: { operationId: first.id } });
    expect(refused.body.detail).toContain(`its suspend (operation ${first.id}, begun by user:test at`);

    const query = { whenBusy: 'queue' };
    const second = (await ask('startDeployment', 'queued', { query })).body as Operation;
    const third = (await ask('startDeployment', 'queued', { query })).body as Operation;
    expect([second.state, third.state]).toEqual(['queued', 'queued']);
    expect((await plane.deployment('queued')).status.queue).toEqual([second.id, third.id]);

    await plane.carryOut(first);
    expect(await operation(second.id)).toMatchObject({
      state: 'pending',
      plan: { restore: { kind: 'savepoint' } },
    });
    expect((await plane.deployment('queued')).status).toMatchObject({
      state: 'transitioning',
      operationId: second.id,
      queue: [third.id],
    });
    await plane.carryOut(second);
    // Started already: the second start has nothing left to do, and says so.
    expect(await operation(third.id)).toMatchObject({
      state: 'failed',
      problem: { code: 'verb-not-allowed' },
    });
    expect((await plane.deployment('queued')).status).toMatchObject({ state: 'running', queue: [] });
  });

  test('takes ten, and one that waits can leave it', async () => {
    await running('crowded');
    const active = (await ask('suspendDeployment', 'crowded')).body as Operation;
    const query = { whenBusy: 'queue' };
    const waiting: string[] = [];
    for (let index = 0; index < 10; index++)
      waiting.push((await ask('startDeployment', 'crowded', { query })).body.id);
    const full = await ask('startDeployment', 'crowded', { query });
    expect(full).toMatchObject({ status: 409, body: { code: 'operation-in-progress' } });
    expect(await cancel(waiting[0] ?? '')).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect((await plane.deployment('crowded')).status.queue).toEqual(waiting.slice(1));
    await plane.carryOut(active);
    expect(await operation(waiting[1] ?? '')).toMatchObject({ state: 'pending' });
  });
});

describe('the cancellation of an operation', () => {
  test('of a start ends the job that was begun and leaves the deployment as it was', async () => {
    await create('never-up');
    const start = (await ask('startDeployment', 'never-up')).body as Operation;
    await plane.runStep(start, 'begin-operation');
    await plane.runStep(start, 'claim-epoch');
    await plane.runStep(start, 'start-task');
    expect((await cancel(start.id)).status).toBe(202);
    const ended = await plane.carryOut(start);
    expect(ended.state).toBe('cancelled');
    expect((await plane.deployment('never-up')).status).toMatchObject({
      state: 'cancelled',
      operationId: null,
    });
    const job = await plane.call('getJob', { params: { namespace, deployment: 'never-up', job: 1 } });
    expect(job.body.state).toBe('terminated');
    expect(await eventsOf('never-up')).toContain('operation-cancelled');
  });

  test('of a suspend is possible until its savepoint is asked for, and refused with the step after that', async () => {
    await running('suspending');
    const early = (await ask('suspendDeployment', 'suspending')).body as Operation;
    await cancel(early.id);
    expect((await plane.carryOut(early)).state).toBe('cancelled');
    expect(await plane.deployment('suspending')).toMatchObject({
      spec: { desiredState: 'running' },
      status: { state: 'running', operationId: null },
    });

    const late = (await ask('suspendDeployment', 'suspending')).body as Operation;
    await plane.runStep(late, 'begin-operation');
    await plane.runStep(late, 'take-savepoint');
    const refused = await cancel(late.id);
    expect(refused).toMatchObject({ status: 409, body: { code: 'operation-not-cancellable' } });
    expect(refused.body.detail).toContain('its step "Take a savepoint" has begun');
    expect((await plane.carryOut(late)).state).toBe('succeeded');
  });
});

describe('a deletion', () => {
  test('is refused while a job lives, hides the deployment, and is undone whole', async () => {
    await running('deleted');
    const params = { namespace, deployment: 'deleted' };
    const live = await ask('deleteDeployment', 'deleted');
    expect(live).toMatchObject({ status: 409, body: { code: 'verb-not-allowed' } });
    expect(live.body.allowed).toEqual(expect.arrayContaining(['suspend', 'cancel']));
    await plane.carryOut((await ask('suspendDeployment', 'deleted')).body);
    const before = await plane.deployment('deleted');
    expect(await plane.carryOut((await ask('deleteDeployment', 'deleted')).body)).toMatchObject({
      state: 'succeeded',
    });

    const names = async (query: object) =>
      (
        await plane.call('listDeployments', { params: { namespace }, query: { limit: 200, ...query } })
      ).body.items.map(({ name }: { name: string }) => name);
    expect(await names({})).not.toContain('deleted');
    expect(await names({ deleted: 'true' })).toEqual(['deleted']);
    const refused = await ask('startDeployment', 'deleted');
    expect(refused.body.detail).toContain('undelete it first');
    const taken = await plane.call('createDeployment', {
      params: { namespace },
      body: { name: 'deleted', spec: { application, version: 1 } },
    });
    expect(taken).toMatchObject({ status: 409, body: { code: 'already-exists' } });
    expect(taken.body.detail).toContain('trash');

    const back = await plane.call('undeleteDeployment', { params });
    expect(back).toMatchObject({
      status: 200,
      body: { id: before.id, deletion: null, status: { state: 'suspended' } },
    });
    expect((await plane.call('listSavepoints', { params })).body.items).toHaveLength(1);
    expect((await plane.call('listJobs', { params })).body.items).toHaveLength(1);
    expect(await plane.carryOut((await ask('startDeployment', 'deleted')).body)).toMatchObject({
      state: 'succeeded',
    });
  });

  test('for good removes records and files, and gives the name free', async () => {
    await running('purged');
    await plane.carryOut((await ask('suspendDeployment', 'purged')).body);
    const { id } = await plane.deployment('purged');
    await plane.carryOut((await ask('deleteDeployment', 'purged')).body);
    const query = { purge: 'true', savepoints: 'delete' };
    await plane.carryOut((await ask('deleteDeployment', 'purged', { query })).body);
    await plane.purge();
    const params = { namespace, deployment: 'purged' };
    expect((await plane.call('getDeployment', { params })).status).toBe(404);
    expect(await plane.objectsUnder(`checkpoints/${id}/savepoints/`)).toEqual([]);
    await create('purged');
    expect((await plane.call('listJobs', { params })).body.items).toEqual([]);
  });
});

describe('a verb for many', () => {
  test('is asked of every deployment with the label, each with its own answer, page by page', async () => {
    for (const name of ['many-1', 'many-2', 'many-3']) await running(name, { team: 'x' });
    await create('many-4', { team: 'x' });
    await running('other', { team: 'y' });
    const headers = { 'idempotency-key': 'many' };
    const call = (more: object) =>
      plane.call('createOperations', {
        params: { namespace },
        headers,
        body: { verb: 'suspend', labels: ['team:x'], limit: 2, ...more },
      });
    const first = await call({});
    expect(first).toMatchObject({ status: 200, body: { accepted: 1, refused: 1 } });
    const rest = await call({ cursor: first.body.next });
    expect(rest.body).toMatchObject({ accepted: 2, refused: 0 });
    // Older deployments without the label may lie behind.
    const none = rest.body.next === null ? rest : await call({ cursor: rest.body.next });
    expect(none.body.next).toBeNull();
    const [unable] = first.body.items;
    expect(unable).toMatchObject({ deployment: 'many-4', problem: { code: 'verb-not-allowed' } });
    const again = await call({});
    expect(again.body.items[1].operation.id).toBe(first.body.items[1].operation.id);
    for (const { operation: begun } of [first.body.items[1], ...rest.body.items]) await plane.carryOut(begun);
    expect((await plane.deployment('many-2')).status.state).toBe('suspended');
    expect((await plane.deployment('other')).status.state).toBe('running');
  });

  test('without any selector is refused', async () => {
    const answer = await plane.call('createOperations', {
      params: { namespace },
      headers: { 'idempotency-key': 'all' },
      body: { verb: 'cancel' },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
  });
});
