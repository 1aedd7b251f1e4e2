/** A savepoint that lies whole in the bucket although its operation failed: it is kept, and a start goes on from it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OperationId } from '#contract/api/routes.ts';
import type { Operation } from '#contract/resources/operation.ts';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { ControlPlane } from './control-plane-fixture.ts';

let plane: ControlPlane;
const namespace = 'default';
const application = 'kept';

beforeAll(async () => {
  plane = await openControlPlane();
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  const params = { namespace, application };
  const size = { sha256, sizeBytes: BUNDLE.length };
  const { body: upload } = await plane.call('createUpload', { params, body: size });
  await fetch(upload.url, { method: 'PUT', headers: upload.headers, body: BUNDLE });
  const node = {
    id: 'a'.repeat(32),
    name: 'payments',
    kind: 'source',
    inputs: [],
    state: [],
    description: {},
  };
  const configurationSchema = { type: 'object', properties: { deniesSavepoints: { type: 'boolean' } } };
  const version = { ...size, graphHash: 'b'.repeat(64), graph: { nodes: [node] }, configurationSchema };
  expect((await plane.call('createApplicationVersion', { params, body: version })).status).toBe(201);
});

afterAll(() => plane.close());

async function carriedOut(id: OperationId, deployment: string): Promise<Operation> {
  const headers = { 'idempotency-key': randomUUID() };
  const answer = await plane.call(id, { params: { namespace, deployment }, body: {}, headers });
  expect(answer.status).toBe(202);
  return plane.carryOut(answer.body);
}

/** A running deployment whose job writes savepoints and says that it could not. */
async function runningDenier(name: string): Promise<void> {
  const spec = {
    application,
    version: 1,
    configuration: { deniesSavepoints: true },
    limits: { maxSavepointCreationAttempts: 1 },
  };
  expect((await plane.call('createDeployment', { params: { namespace }, body: { name, spec } })).status).toBe(
    201,
  );
  expect((await carriedOut('startDeployment', name)).state).toBe('succeeded');
}

async function onlySavepoint(deployment: string) {
  const { body } = await plane.call('listSavepoints', { params: { namespace, deployment } });
  expect(body.items).toHaveLength(1);
  return body.items[0];
}

test('a savepoint that is whole is kept when its operation failed, and its job runs on', async () => {
  await runningDenier('denied');
  const operation = await carriedOut('createSavepoint', 'denied');
  expect(operation).toMatchObject({ state: 'failed', problem: { code: 'savepoint-failed' } });
  const savepoint = await onlySavepoint('denied');
  expect(savepoint).toMatchObject({ state: 'completed', failure: null });
  expect(savepoint.sizeBytes).toBeGreaterThan(0);
  expect(savepoint.location).toMatch(/\/savepoint-\w+$/);
  expect((await plane.deployment('denied')).status.state).toBe('running');
});

test('a suspend that failed behind its savepoint ends the job, and the next start goes on from it', async () => {
  await runningDenier('ended');
  expect((await carriedOut('suspendDeployment', 'ended')).state).toBe('failed');
  const savepoint = await onlySavepoint('ended');
  expect(savepoint).toMatchObject({ origin: 'suspend', state: 'completed' });
  const { spec } = await plane.deployment('ended');
  expect(spec.desiredState).toBe('suspended');
  expect((await carriedOut('startDeployment', 'ended')).state).toBe('succeeded');
  const { body: job } = await plane.call('getJob', { params: { namespace, deployment: 'ended', job: 2 } });
  expect(job.restoredFrom).toMatchObject({ kind: 'savepoint', savepointId: savepoint.id });
});
