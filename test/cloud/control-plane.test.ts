/** The control plane from the outside: API, workflows, events and sweep over the local cloud, without mocks. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '#contract/resources/operation.ts';
import { allowedVerbs } from '#contract/verbs.ts';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { Answer, ControlPlane, Request } from './control-plane-fixture.ts';

let plane: ControlPlane;
const namespace = 'default';
const application = 'payments-dashboard';
const graph = {
  nodes: [{ id: 'a'.repeat(32), name: 'payments', kind: 'source', inputs: [], state: [], description: {} }],
};
const configurationSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    exitOnAttempt: { type: 'integer' },
    exitCode: { type: 'integer' },
    failsWith: { type: 'string' },
    savepointFailures: { type: 'integer' },
  },
};

beforeAll(async () => {
  plane = await openControlPlane();
  const inNamespace = { params: { namespace } };
  await plane.call('createApplication', { ...inNamespace, body: { name: application } });
  const size = { sha256, sizeBytes: BUNDLE.length };
  const upload = await plane.call('createUpload', { params: { namespace, application }, body: size });
  const put = await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: BUNDLE });
  expect(put.status).toBe(200);
  const version = await plane.call('createApplicationVersion', {
    params: { namespace, application },
    body: { ...size, graphHash: 'b'.repeat(64), graph, configurationSchema },
  });
  expect(version.status).toBe(201);
});

afterAll(async () => plane.close());

function create(name: string, spec: Record<string, unknown> = {}): Promise<Answer> {
  return plane.call('createDeployment', {
    params: { namespace },
    body: { name, spec: { application, version: 1, ...spec } },
  });
}

type VerbId = 'startDeployment' | 'suspendDeployment' | 'cancelDeployment' | 'createSavepoint';

function ask(id: VerbId, deployment: string, request: Request = {}): Promise<Answer> {
  return plane.call(id, {
    params: { namespace, deployment },
    body: {},
    headers: { 'idempotency-key': randomUUID() },
    ...request,
  });
}

async function carriedOut(id: VerbId, deployment: string): Promise<Operation> {
  const answer = await ask(id, deployment);
  expect(answer.status).toBe(202);
  return plane.carryOut(answer.body);
}

async function running(name: string, spec: Record<string, unknown> = {}): Promise<void> {
  expect((await create(name, spec)).status).toBe(201);
  const operation = await carriedOut('startDeployment', name);
  expect(operation).toMatchObject({ state: 'succeeded', problem: null });
}

describe('a deployment', () => {
  test('starts, suspends with a savepoint, and starts again from it', async () => {
    await running('lifecycle');
    expect((await plane.deployment('lifecycle')).status).toMatchObject({
      state: 'running',
      operationId: null,
      allowed: allowedVerbs('running'),
    });

    const suspended = await carriedOut('suspendDeployment', 'lifecycle');
    expect(suspended.state).toBe('succeeded');
    expect(suspended.steps.map(({ state }) => state)).toEqual(Array(6).fill('succeeded'));
    expect((await plane.deployment('lifecycle')).spec.desiredState).toBe('suspended');

    const params = { namespace, deployment: 'lifecycle' };
    const [savepoint] = (await plane.call('listSavepoints', { params })).body.items;
    expect(savepoint).toMatchObject({ origin: 'suspend', state: 'completed', jobNumber: 1 });
    expect(savepoint.sizeBytes).not.toBeNull();

    await carriedOut('startDeployment', 'lifecycle');
    const [second, first] = (await plane.call('listJobs', { params })).body.items;
    expect(second).toMatchObject({
      number: 2,
      state: 'running',
      restoredFrom: { kind: 'savepoint', savepointId: savepoint.id, location: savepoint.location },
    });
    expect(first).toMatchObject({ number: 1, state: 'terminated' });
    expect(second.attempts[0].epoch).toBeGreaterThan(first.attempts[0].epoch);
  });

  test('starts at once when it is created with desired state running', async () => {
    const created = await create('at-once', { desiredState: 'running' });
    expect(created.body.status.state).toBe('transitioning');
    const { operationId } = created.body.status;
    const operation = await plane.call('getOperation', { params: { namespace, operation: operationId } });
    await plane.carryOut(operation.body);
    expect((await plane.deployment('at-once')).status.state).toBe('running');
  });

  test('takes a savepoint while it stays running', async () => {
    await running('savepointed');
    const answer = await ask('createSavepoint', 'savepointed', { body: { description: 'before lunch' } });
    expect((await plane.deployment('savepointed')).status.state).toBe('running');
    await plane.carryOut(answer.body);
    const params = { namespace, deployment: 'savepointed' };
    const [savepoint] = (await plane.call('listSavepoints', { params })).body.items;
    expect(savepoint).toMatchObject({
      origin: 'user-request',
      state: 'completed',
      description: 'before lunch',
    });
  });

  test('cancels without a savepoint and restores its last checkpoint by latest-state', async () => {
    await running('cancelled');
    await carriedOut('cancelDeployment', 'cancelled');
    expect((await plane.deployment('cancelled')).status.state).toBe('cancelled');
    const plan = await ask('startDeployment', 'cancelled', { query: { dryRun: true } });
    expect(plan).toMatchObject({ status: 200, body: { kind: 'start', restore: { kind: 'savepoint' } } });
    const empty = await ask('startDeployment', 'cancelled', {
      query: { dryRun: true },
      body: { restoreStrategy: { kind: 'none' } },
    });
    expect(empty.body).toMatchObject({
      restore: { kind: 'none' },
      warnings: [expect.stringContaining('empty')],
    });
  });
});

describe('trouble', () => {
  test('a task that dies before its job runs gets a second attempt in the same operation', async () => {
    await running('second-attempt', { configuration: { exitOnAttempt: 1, exitCode: 137 } });
    const job = await plane.call('getJob', { params: { namespace, deployment: 'second-attempt', job: 1 } });
    expect(job.body.attempts).toHaveLength(2);
    expect(job.body.attempts[0].reason).toContain('exit code 137');
  });

  test('a job that fails at its start fails the deployment and keeps the first fault', async () => {
    await create('broken', { configuration: { failsWith: 'amount is not a number' } });
    const operation = await carriedOut('startDeployment', 'broken');
    expect(operation).toMatchObject({ state: 'failed', problem: { code: 'job-failed' } });
    const deployment = await plane.deployment('broken');
    expect(deployment.status).toMatchObject({
      state: 'failed',
      operationId: null,
      allowed: allowedVerbs('failed'),
    });
    expect(deployment.status.message).toContain('amount is not a number');
    const job = await plane.call('getJob', { params: { namespace, deployment: 'broken', job: 1 } });
    expect(job.body).toMatchObject({
      state: 'failed',
      failure: { message: 'amount is not a number', operator: 'to-eur' },
      recordsIn: 3,
    });
  });

  test('a failed savepoint is tried again, and a suspend whose tries are used up leaves the job running', async () => {
    await running('stubborn', { configuration: { savepointFailures: 1 } });
    expect((await carriedOut('createSavepoint', 'stubborn')).state).toBe('succeeded');

    const spec = { configuration: { savepointFailures: 9 }, limits: { maxSavepointCreationAttempts: 2 } };
    await running('hopeless', spec);
    const operation = await carriedOut('suspendDeployment', 'hopeless');
    expect(operation).toMatchObject({ state: 'failed', problem: { code: 'savepoint-failed' } });
    const deployment = await plane.deployment('hopeless');
    expect(deployment.status.state).toBe('running');
    expect(deployment.spec.desiredState).toBe('running');
    const params = { namespace, deployment: 'hopeless' };
    const [savepoint] = (await plane.call('listSavepoints', { params })).body.items;
    expect(savepoint).toMatchObject({ state: 'failed', failure: { reason: 'savepoint-failed' } });
    expect(savepoint.failure.message).toContain('disk on fire');
  });

  test('a killed task is recovered from the latest checkpoint under a higher epoch', async () => {
    await running('killed');
    const before = await plane.deployment('killed');
    await plane.killTask(before);
    expect(await plane.taskStopped(before)).toBe('recover');
    const recovering = await plane.deployment('killed');
    expect(recovering.status.state).toBe('transitioning');
    const operation = await plane.call('getOperation', {
      params: { namespace, operation: recovering.status.operationId },
    });
    expect(operation.body).toMatchObject({ kind: 'recover', actor: 'system:reconciler' });
    expect((await plane.carryOut(operation.body)).state).toBe('succeeded');
    const job = await plane.call('getJob', { params: { namespace, deployment: 'killed', job: 1 } });
    expect(job.body.attempts.map(({ epoch }: { epoch: number }) => epoch)).toEqual([1, 2]);
    expect((await plane.deployment('killed')).status).toMatchObject({ state: 'running', jobNumber: 1 });
  });

  test('a suspend of a job whose process is gone fails at once, and the job is recovered then', async () => {
    await running('lost');
    const suspend = (await ask('suspendDeployment', 'lost')).body;
    const before = await plane.deployment('lost');
    await plane.killTask(before);
    expect(await plane.taskStopped(before)).toBe('ignored');
    const ended = await plane.carryOut(suspend);
    expect(ended).toMatchObject({ state: 'failed', problem: { code: 'savepoint-failed' } });
    expect(ended.problem?.detail).toContain('its task ended');
    const { operationId } = (await plane.deployment('lost')).status;
    const recovery = await plane.call('getOperation', { params: { namespace, operation: operationId } });
    expect(recovery.body).toMatchObject({ kind: 'recover', actor: 'system:reconciler' });
  });

  test('the sweep finds a task that is gone although no event told of it', async () => {
    await running('missed');
    await plane.killTask(await plane.deployment('missed'));
    await plane.sweep();
    expect((await plane.deployment('missed')).status.state).toBe('transitioning');
  });
});

describe('requests', () => {
  test('of twenty simultaneous suspends one is accepted and the others name its operation', async () => {
    await running('crowded');
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('suspendDeployment', 'crowded')));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted).toHaveLength(1);
    for (const { status, body } of answers.filter((answer) => answer !== accepted[0])) {
      expect(status).toBe(409);
      expect(body).toMatchObject({ code: 'operation-in-progress', operationId: accepted[0]?.body.id });
    }
  });

  test('the same idempotency key answers the same operation, with another request it is refused', async () => {
    await create('repeated');
    const headers = { 'idempotency-key': 'key-1' };
    const first = await ask('startDeployment', 'repeated', { headers });
    const second = await ask('startDeployment', 'repeated', { headers });
    expect(second.status).toBe(202);
    expect(second.body.id).toBe(first.body.id);
    const body = { restoreStrategy: { kind: 'none' } };
    const other = await ask('startDeployment', 'repeated', { headers, body });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  test('an illegal verb is refused with those that are allowed', async () => {
    await create('idle');
    const answer = await ask('suspendDeployment', 'idle');
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'verb-not-allowed', allowed: allowedVerbs('cancelled') },
    });
    expect(answer.body.detail).toMatch(
      /^Cannot suspend deployment "idle": it is cancelled; allowed now: start, /,
    );
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body.requestId).toBe(answer.headers['x-request-id']);
  });

  test('a protected deployment is cancelled only by whoever accepts the loss of state', async () => {
    await running('protected', { protected: true });
    const refused = await ask('cancelDeployment', 'protected');
    expect(refused).toMatchObject({ status: 422, body: { code: 'state-loss-not-accepted' } });
    const plan = await ask('cancelDeployment', 'protected', { query: { dryRun: true } });
    expect(plan.body.losses[0]).toContain('checkpoint 1');
    const accepted = await ask('cancelDeployment', 'protected', { body: { acceptStateLoss: true } });
    expect(accepted.status).toBe(202);
  });

  test('wrong requests each get their own problem', async () => {
    await create('strict');
    const deployment = { params: { namespace, deployment: 'strict' } };
    const idempotent = { headers: { 'idempotency-key': 'k', 'content-type': 'application/json' } };
    const code = async (id: Parameters<ControlPlane['call']>[0], request: Request): Promise<string> =>
      (await plane.call(id, request)).body.code;
    expect(await code('startDeployment', { ...deployment, body: {} })).toBe('missing-header');
    expect(await code('startDeployment', { ...deployment, ...idempotent, rawBody: '{' })).toBe(
      'invalid-json',
    );
    const large = { ...deployment, ...idempotent, rawBody: ' '.repeat(1_048_577) };
    expect(await code('startDeployment', large)).toBe('body-too-large');
    expect(await code('updateDeployment', { ...deployment, body: {} })).toBe('precondition-required');
    const any = { ...deployment, body: {}, headers: { 'if-match': '*' } };
    expect(await code('updateDeployment', any)).toBe('precondition-required');
    const json = { 'if-match': '"1"', 'content-type': 'application/json' };
    expect(await code('updateDeployment', { ...deployment, body: {}, headers: json })).toBe(
      'unsupported-media-type',
    );
    expect(await code('getDeployment', { params: { namespace, deployment: 'none' } })).toBe('not-found');
    expect(await code('getDeployment', { params: { namespace, deployment: '%' } })).toBe('invalid-request');
    const viewer = { ...deployment, ...idempotent, body: {}, role: 'viewer' };
    expect(await code('startDeployment', viewer)).toBe('forbidden');
    expect(await code('startDeployment', { ...viewer, role: 'stranger' })).toBe('forbidden');
    const nobody = { ...viewer, caller: { refusal: 'nobody is signed in' } };
    expect(await code('startDeployment', nobody)).toBe('unauthenticated');
  });

  test('an unknown field is named with the one that was meant', async () => {
    const answer = await create('misspelt', { paralelism: 2 });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
    expect(answer.body.errors).toEqual([
      { pointer: '/spec/paralelism', message: 'unknown field "paralelism"; did you mean "parallelism"?' },
    ]);
    const configured = await create('misconfigured', { configuration: { exitcode: 1 } });
    expect(configured.body.errors[0].pointer).toBe('/spec/configuration/exitcode');
    expect(configured.body.errors[0].message).toContain('did you mean "exitCode"?');
  });
});

describe('resources', () => {
  test('a change needs the revision that was read, and the same spec twice changes nothing', async () => {
    const created = await create('applied', { parallelism: 2 });
    expect(created.headers['etag']).toBe('"1"');
    const params = { namespace, deployment: 'applied' };
    const body = { name: 'applied', spec: created.body.stated };
    const same = await plane.call('replaceDeployment', { params, body, headers: { 'if-match': '"1"' } });
    expect(same.body.revision).toBe(1);
    const patch = { params, body: { spec: { parallelism: 4 } }, headers: { 'if-match': '"1"' } };
    expect((await plane.call('updateDeployment', patch)).body.spec.parallelism).toBe(4);
    const stale = await plane.call('updateDeployment', patch);
    expect(stale).toMatchObject({ status: 412, body: { code: 'revision-changed' } });
  });

  test('a desired state that is changed by PUT begins the operation that reaches it', async () => {
    const created = await create('desired');
    const { spec } = created.body;
    const changed = await plane.call('replaceDeployment', {
      params: { namespace, deployment: 'desired' },
      body: { name: 'desired', spec: { ...spec, desiredState: 'running' } },
      headers: { 'if-match': '"1"' },
    });
    expect(changed).toMatchObject({ status: 200, body: { revision: 2, status: { state: 'transitioning' } } });
    const params = { namespace, operation: changed.body.status.operationId };
    expect((await plane.call('getOperation', { params })).body).toMatchObject({ kind: 'start' });
  });

  test('an unchanged resource is answered by 304', async () => {
    await create('cached');
    const params = { namespace, deployment: 'cached' };
    const headers = { 'if-none-match': '"1"' };
    expect((await plane.call('getDeployment', { params, headers })).status).toBe(304);
    const events = await plane.call('listEvents', { params });
    const again = { params, headers: { 'if-none-match': events.headers['etag'] ?? '' } };
    expect((await plane.call('listEvents', again)).status).toBe(304);
  });

  test('a list goes on by cursors, newest first, and refuses the cursor of another list', async () => {
    await plane.call('createNamespace', { body: { name: 'paged' } });
    const params = { namespace: 'paged' };
    for (const name of ['one', 'two', 'three']) {
      await plane.call('createApplication', { params, body: { name, labels: { team: name } } });
    }
    const first = await plane.call('listApplications', { params, query: { limit: 2 } });
    expect(first.body.items.map(({ name }: { name: string }) => name)).toEqual(['three', 'two']);
    const query = { limit: 2, cursor: first.body.next };
    const rest = await plane.call('listApplications', { params, query });
    expect(rest.body).toMatchObject({ items: [{ name: 'one' }], next: null });
    const labelled = await plane.call('listApplications', { params, query: { label: 'team:two' } });
    expect(labelled.body.items).toHaveLength(1);
    const foreign = await plane.call('listApplications', { params: { namespace }, query });
    expect(foreign.body.code).toBe('invalid-cursor');
  });

  test('the same bundle is one version', async () => {
    const again = await plane.call('createApplicationVersion', {
      params: { namespace, application },
      body: { sha256, sizeBytes: BUNDLE.length, graphHash: 'b'.repeat(64), graph, configurationSchema },
    });
    expect(again).toMatchObject({ status: 200, body: { version: 1 } });
    const other = await plane.call('createApplicationVersion', {
      params: { namespace, application },
      body: { sha256: 'c'.repeat(64), sizeBytes: 1, graphHash: 'b'.repeat(64), graph },
    });
    expect(other).toMatchObject({ status: 422, body: { code: 'bundle-mismatch' } });
  });

  test('the event log tells the story of a deployment', async () => {
    await running('storied');
    const { body } = await plane.call('listEvents', { params: { namespace, deployment: 'storied' } });
    expect(body.items.map(({ name }: { name: string }) => name).reverse()).toEqual([
      'deployment-created',
      'operation-accepted',
      'job-created',
      'attempt-started',
      'job-running',
      'state-changed',
      'operation-succeeded',
    ]);
  });
});

describe('figures and Flink', () => {
  test('the figures of a running job are read, and without a job nothing is zero', async () => {
    await create('measured');
    const params = { namespace, deployment: 'measured' };
    const none = await plane.call('getDeploymentMetrics', { params });
    expect(none.body).toMatchObject({
      recordsInPerSecond: null,
      unreachable: expect.stringContaining('cancelled'),
    });
    await carriedOut('startDeployment', 'measured');
    const figures = await plane.call('getDeploymentMetrics', { params });
    expect(figures.body).toMatchObject({ recordsInPerSecond: 12.5, watermark: 1000, unreachable: null });
    expect(figures.body.lateRecords).toBeNull();
  });

  test('the flink command lists the job, stops it, and finds its savepoint', async () => {
    await create('flink');
    const params = { namespace, deployment: 'flink' };
    const list = () => plane.call('readFlinkApi', { params: { ...params, path: 'v1/jobs/overview' } });
    expect((await list()).body).toEqual({ jobs: [] });
    await carriedOut('startDeployment', 'flink');
    const { jid } = (await list()).body.jobs[0];
    const stop = await plane.call('callFlinkApi', {
      params: { ...params, path: `v1/jobs/${jid}/stop` },
      body: { targetDirectory: null, drain: false, formatType: 'CANONICAL', triggerId: null },
    });
    expect(stop.status).toBe(202);
    const path = `v1/jobs/${jid}/savepoints/${stop.body['request-id']}`;
    const poll = () => plane.call('readFlinkApi', { params: { ...params, path } });
    expect((await poll()).body).toEqual({ status: { id: 'IN_PROGRESS' }, operation: null });
    const { status } = await plane.deployment('flink');
    const operation = await plane.call('getOperation', {
      params: { namespace, operation: status.operationId },
    });
    await plane.carryOut(operation.body);
    expect((await poll()).body).toMatchObject({ operation: { location: expect.stringMatching(/^s3:/) } });
    const unknown = await plane.call('readFlinkApi', { params: { ...params, path: `jobs/${jid}` } });
    expect(unknown.status).toBe(404);
    expect(Object.keys(unknown.body)).toEqual(['errors']);
  });
});
