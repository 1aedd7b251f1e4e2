/** Upgrades with all that can become of them, over the local cloud with a worker that misbehaves as it is told. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OperationId } from '#contract/api/routes.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { openControlPlane } from './control-plane-fixture.ts';
import type { Answer, ControlPlane, Request } from './control-plane-fixture.ts';
import { pushVersion } from './push-version.fixture.ts';

let plane: ControlPlane;
const namespace = 'default';
const application = 'payments-dashboard';
const gate = { healthyFor: '100 ms', timeout: '1 minute' };
const number = { kind: 'double' };
const text = { kind: 'string' };

beforeAll(async () => {
  plane = await openControlPlane();
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  await pushVersion(plane, application, { text: 'export default 1', state: { total: number } });
  await pushVersion(plane, application, { text: 'export default 2', state: { total: number } });
  await pushVersion(plane, application, { text: 'export default 3', state: { total: text } });
});

afterAll(async () => plane.close());

async function running(name: string, spec: Record<string, unknown> = {}): Promise<void> {
  const body = {
    name,
    spec: { application, version: 1, desiredState: 'running', upgradeStrategy: { gate }, ...spec },
  };
  const created = await plane.call('createDeployment', { params: { namespace }, body });
  expect(created.status).toBe(201);
  expect(await carriedOut(created.body.status.operationId)).toMatchObject({
    problem: null,
    state: 'succeeded',
  });
}

async function carriedOut(id: string): Promise<Operation> {
  const operation = await plane.call('getOperation', { params: { namespace, operation: id } });
  return plane.carryOut(operation.body);
}

function ask(id: OperationId, deployment: string, body: object, request: Request = {}): Promise<Answer> {
  return plane.call(id, {
    params: { namespace, deployment },
    body,
    headers: { 'idempotency-key': randomUUID() },
    ...request,
  });
}

async function done(id: OperationId, deployment: string, body: object): Promise<Operation> {
  const answer = await ask(id, deployment, body);
  expect(answer).toMatchObject({ status: 202 });
  return plane.carryOut(answer.body);
}

// Whatever the list holds; each test says what it expects of it.
// oxlint-disable-next-line typescript/no-explicit-any
async function list(id: OperationId, deployment: string, query = {}): Promise<any[]> {
  return (await plane.call(id, { params: { namespace, deployment }, query })).body.items;
}

function patch(deployment: string, revision: number, spec: object, query = {}): Promise<Answer> {
  return plane.call('updateDeployment', {
    params: { namespace, deployment },
    body: { spec },
    query,
    headers: { 'if-match': `"${revision}"` },
  });
}

describe('an upgrade', () => {
  test('begins the new version from the savepoint that ends the old one', async () => {
    await running('up');
    const plan = await ask('upgradeDeployment', 'up', { version: 2 }, { query: { dryRun: true } });
    expect(plan).toMatchObject({
      status: 200,
      body: {
        kind: 'upgrade',
        restore: null,
        changes: [{ pointer: '/version', before: 1, after: 2 }],
        verdict: { compatibility: 'compatible' },
        losses: [],
      },
    });
    expect((await plane.deployment('up')).specRevision).toBe(1);

    const operation = await done('upgradeDeployment', 'up', { version: 2, reason: 'faster' });
    expect(operation).toMatchObject({ state: 'succeeded', problem: null, followedBy: null });
    expect(operation.pauseMs).toBeGreaterThanOrEqual(0);
    const deployment = await plane.deployment('up');
    expect(deployment).toMatchObject({ specRevision: 2, spec: { version: 2 }, status: { state: 'running' } });
    const [second, first] = await list('listJobs', 'up');
    expect(second).toMatchObject({
      number: 2,
      state: 'running',
      specRevision: 2,
      spec: { version: 2 },
      restoredFrom: { kind: 'savepoint', savepointId: operation.savepointId },
    });
    expect(first).toMatchObject({ state: 'terminated', specRevision: 1 });
    expect(await list('listSavepoints', 'up')).toMatchObject([{ origin: 'upgrade', specRevision: 1 }]);
    expect((await list('listEvents', 'up')).map(({ name }) => name)).toContain('upgrade-gate-passed');

    const again = await ask('upgradeDeployment', 'up', { version: 2 });
    expect(again).toMatchObject({ status: 200, body: { steps: [] } });
    const next = await ask('restartDeployment', 'up', {}, { query: { dryRun: true } });
    expect(next.body).toMatchObject({ changes: [], expectedPauseMs: null });
  });

  test('to a version that cannot read the state is refused before anything ends', async () => {
    await running('typed');
    const answer = await ask('upgradeDeployment', 'typed', { version: 3 });
    expect(answer).toMatchObject({ status: 422, body: { code: 'state-incompatible' } });
    expect(answer.body.detail).toMatch(/state "total" of operator "payments"/);
    expect(await plane.deployment('typed')).toMatchObject({ specRevision: 1, status: { state: 'running' } });
    expect(await patch('typed', (await plane.deployment('typed')).revision, { version: 3 })).toMatchObject({
      status: 422,
    });
  });

  test('whose job fails goes back to the old one from the same savepoint, without a person', async () => {
    await running('bad');
    const failed = await done('upgradeDeployment', 'bad', {
      version: 2,
      spec: { configuration: { failsWith: 'no rate for XYZ' } },
    });
    expect(failed).toMatchObject({ state: 'failed', problem: { code: 'job-failed' } });
    expect(failed.followedBy).not.toBeNull();
    const between = await plane.deployment('bad');
    expect(between).toMatchObject({
      spec: { version: 1 },
      specRevision: 3,
      status: { state: 'transitioning' },
    });
    expect(between.status.operationId).toBe(failed.followedBy);

    const back = await carriedOut(failed.followedBy ?? '');
    expect(back).toMatchObject({ kind: 'rollback', state: 'succeeded', actor: 'system:upgrade' });
    expect((await plane.deployment('bad')).status).toMatchObject({ state: 'running', operationId: null });
    const [third, second] = await list('listJobs', 'bad');
    expect(third).toMatchObject({
      state: 'running',
      spec: { version: 1 },
      restoredFrom: { savepointId: failed.savepointId },
    });
    expect(second).toMatchObject({ state: 'failed', failure: { message: 'no rate for XYZ' } });
    const names = (await list('listEvents', 'bad')).map(({ name }) => name);
    expect(names).toContain('upgrade-rolled-back');
    await plane.sweep();
    expect((await plane.deployment('bad')).status).toMatchObject({
      state: 'running',
      operationId: null,
      jobId: third.id,
    });
  });

  test('that misses its gate says which part, with the figures', async () => {
    await running('slow');
    const missed = await done('upgradeDeployment', 'slow', {
      version: 2,
      gate: {
        ...gate,
        timeout: '500 ms',
        conditions: [{ metric: 'recordsInPerSecond', comparison: 'at-least', value: 1000 }],
      },
    });
    expect(missed).toMatchObject({ state: 'failed', problem: { code: 'gate-missed' } });
    expect(missed.problem?.detail).toMatch(/recordsInPerSecond is 12\.5, the gate wants at least 1000/);
    expect(await carriedOut(missed.followedBy ?? '')).toMatchObject({ state: 'succeeded' });
    expect((await plane.deployment('slow')).spec.version).toBe(1);
  });

  test('whose savepoint cannot be taken leaves job and spec as they were', async () => {
    await running('stubborn', { configuration: { savepointFailures: 9 } });
    const failed = await done('upgradeDeployment', 'stubborn', { version: 2 });
    expect(failed).toMatchObject({
      state: 'failed',
      problem: { code: 'savepoint-failed' },
      followedBy: null,
    });
    const deployment = await plane.deployment('stubborn');
    expect(deployment).toMatchObject({ spec: { version: 1 }, specRevision: 3, status: { state: 'running' } });
    expect(await list('listJobs', 'stubborn')).toMatchObject([{ number: 1, state: 'running' }]);
    const [newest] = await list('listRevisions', 'stubborn');
    expect(newest).toMatchObject({ number: 3, createdBy: 'system:upgrade', operationId: failed.id });
  });

  test('whose rollback fails too ends failed with both causes, and goes on from there', async () => {
    await running('twice', { configuration: { failsOnRestore: 'second cause' } });
    const failed = await done('upgradeDeployment', 'twice', {
      spec: { configuration: { failsWith: 'first cause' } },
    });
    const back = await carriedOut(failed.followedBy ?? '');
    expect(back).toMatchObject({ kind: 'rollback', state: 'failed', followedBy: null });
    const { status } = await plane.deployment('twice');
    expect(status.state).toBe('failed');
    expect(status.message).toMatch(/second cause.*first cause/);
    const further = { version: 2, spec: { configuration: null } };
    expect(await done('upgradeDeployment', 'twice', further)).toMatchObject({ state: 'succeeded' });
  });

  test('that gives up state is refused until that is said', async () => {
    await running('strict', { restoreStrategy: { kind: 'none' } });
    const refused = await ask('upgradeDeployment', 'strict', { version: 2 });
    expect(refused).toMatchObject({ status: 422, body: { code: 'state-loss-not-accepted' } });
    const accepted = await done('upgradeDeployment', 'strict', { version: 2, acceptStateLoss: true });
    expect(accepted).toMatchObject({ state: 'succeeded', plan: { restore: { kind: 'none' } } });
    expect((await list('listJobs', 'strict'))[0]).toMatchObject({ restoredFrom: { kind: 'none' } });
    expect(await list('listSavepoints', 'strict')).toMatchObject([{ origin: 'upgrade', state: 'completed' }]);
  });

  test('without state cancels the job and begins empty', async () => {
    await running('stateless', { upgradeStrategy: { kind: 'stateless', gate } });
    expect(await ask('upgradeDeployment', 'stateless', { version: 2 })).toMatchObject({ status: 422 });
    const operation = await done('upgradeDeployment', 'stateless', { version: 3, acceptStateLoss: true });
    expect(operation).toMatchObject({ state: 'succeeded', savepointId: null });
    expect((await list('listJobs', 'stateless'))[0]).toMatchObject({
      spec: { version: 3 },
      restoredFrom: { kind: 'none' },
    });
  });

  test('is refused to who has read another revision', async () => {
    await running('exact');
    const { revision } = await plane.deployment('exact');
    const headers = { 'idempotency-key': randomUUID(), 'if-match': `"${revision - 1}"` };
    const answer = await ask('upgradeDeployment', 'exact', { version: 2 }, { headers });
    expect(answer).toMatchObject({ status: 412, body: { code: 'revision-changed' } });
  });
});

describe('a changed spec', () => {
  test('upgrades the running job; what does not concern it restarts nothing', async () => {
    await running('spec');
    const { revision, status } = await plane.deployment('spec');
    const quiet = await patch('spec', revision, { limits: { attemptExpiry: '5 minutes' }, protected: true });
    expect(quiet.body.status).toMatchObject({ state: 'running', operationId: null, jobId: status.jobId });
    const changed = await patch('spec', revision + 1, { checkpointInterval: '20 seconds' });
    expect(changed.body.status).toMatchObject({ state: 'transitioning' });
    expect(await carriedOut(changed.body.status.operationId)).toMatchObject({
      kind: 'upgrade',
      state: 'succeeded',
    });
    expect((await list('listJobs', 'spec'))[0].spec.checkpointInterval).toBe('20 seconds');
  });

  test('waits where the strategy is none, until a restart brings it', async () => {
    await running('drifting', { upgradeStrategy: { kind: 'none', gate } });
    const { revision } = await plane.deployment('drifting');
    const changed = await patch('drifting', revision, { version: 2 });
    expect(changed.body.status).toMatchObject({ state: 'running', operationId: null });
    const operation = await done('restartDeployment', 'drifting', {});
    expect(operation).toMatchObject({
      state: 'succeeded',
      plan: { changes: [{ pointer: '/version', before: 1, after: 2 }] },
    });
  });

  test('of a higher level reaches the running job by the sweep, once', async () => {
    await running('inherits');
    const defaults = await plane.call('updateNamespaceDefaults', {
      params: { namespace },
      body: { settings: { checkpointInterval: '17 seconds' } },
      headers: { 'if-match': '"1"' },
    });
    expect(defaults.status).toBe(200);
    expect(await plane.sweep()).toBeGreaterThan(0);
    const { status } = await plane.deployment('inherits');
    expect(await carriedOut(status.operationId ?? '')).toMatchObject({
      kind: 'upgrade',
      actor: 'system:reconciler',
      state: 'succeeded',
    });
  });
});

describe('other verbs', () => {
  test('a rollback returns to the spec and the state of an earlier revision', async () => {
    await running('again');
    const up = await done('upgradeDeployment', 'again', { version: 2 });
    const plan = await ask('rollbackDeployment', 'again', {}, { query: { dryRun: true } });
    expect(plan.body).toMatchObject({
      restore: { kind: 'savepoint', savepointId: up.savepointId },
      changes: [{ pointer: '/version', before: 2, after: 1 }],
      losses: [expect.stringContaining('given up')],
    });
    expect(await done('rollbackDeployment', 'again', { to: 1 })).toMatchObject({ state: 'succeeded' });
    expect(await plane.deployment('again')).toMatchObject({ spec: { version: 1 }, specRevision: 3 });
    const [newest] = await list('listJobs', 'again');
    expect(newest).toMatchObject({
      number: 3,
      spec: { version: 1 },
      restoredFrom: { savepointId: up.savepointId },
    });
    expect(await ask('rollbackDeployment', 'again', { to: 9 })).toMatchObject({ status: 404 });
  });

  test('a reset goes back to a savepoint, running or not; a protected deployment asks first', async () => {
    await running('reset', { protected: true });
    const taken = await done('createSavepoint', 'reset', {});
    const body = { savepointId: taken.savepointId };
    expect(await ask('resetDeployment', 'reset', body)).toMatchObject({
      status: 422,
      body: { code: 'state-loss-not-accepted' },
    });
    const accepted = { ...body, acceptStateLoss: true };
    expect(await done('resetDeployment', 'reset', accepted)).toMatchObject({ state: 'succeeded' });
    await done('suspendDeployment', 'reset', {});
    expect(await done('resetDeployment', 'reset', accepted)).toMatchObject({ state: 'succeeded' });
    expect((await list('listJobs', 'reset'))[0]).toMatchObject({
      number: 3,
      state: 'running',
      restoredFrom: { savepointId: taken.savepointId },
    });
  });

  test('a promotion upgrades another deployment to what runs here', async () => {
    await running('staging');
    await running('production');
    await done('upgradeDeployment', 'staging', { version: 2 });
    const operation = await done('promoteDeployment', 'staging', { to: 'production' });
    expect(operation).toMatchObject({ kind: 'upgrade', deployment: 'production', state: 'succeeded' });
    expect((await plane.deployment('production')).spec.version).toBe(2);
    expect(await ask('promoteDeployment', 'staging', { to: 'staging' })).toMatchObject({ status: 422 });
  });

  test('a failed deployment is upgraded directly', async () => {
    const body = { name: 'dead', spec: { application, version: 1, configuration: { failsWith: 'x' } } };
    await plane.call('createDeployment', { params: { namespace }, body });
    await done('startDeployment', 'dead', {});
    expect((await plane.deployment('dead')).status.state).toBe('failed');
    const operation = await done('upgradeDeployment', 'dead', {
      version: 2,
      spec: { configuration: null },
      gate,
    });
    expect(operation).toMatchObject({ state: 'succeeded', savepointId: null, pauseMs: null });
    expect((await plane.deployment('dead')).status.state).toBe('running');
  });
});
