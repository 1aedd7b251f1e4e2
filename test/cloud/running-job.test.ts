/** What is told to a running job through the API: which of the records go in again that it has set aside. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { ControlPlane } from './control-plane-fixture.ts';

const params = { namespace: 'default', deployment: 'payments' };
let plane: ControlPlane;

beforeAll(async () => {
  plane = await openControlPlane();
  const { namespace } = params;
  const application = 'payments';
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  const size = { sha256, sizeBytes: BUNDLE.length };
  const upload = await plane.call('createUpload', { params: { namespace, application }, body: size });
  await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: BUNDLE });
  const version = { ...size, graphHash: 'b'.repeat(64), graph: { nodes: [] } };
  await plane.call('createApplicationVersion', { params: { namespace, application }, body: version });
  for (const name of ['payments', 'at-rest'])
    await plane.call('createDeployment', {
      params: { namespace },
      body: { name, spec: { application, version: 1, parallelism: 2 } },
    });
  const start = await plane.call('startDeployment', {
    params,
    headers: { 'idempotency-key': randomUUID() },
    body: {},
  });
  await plane.carryOut(start.body);
});

afterAll(async () => plane.close());

test('a job at rest has no faults and no dead letters', async () => {
  const nothing = { params: { ...params, deployment: 'at-rest' } };
  expect((await plane.call('listFaults', nothing)).body).toEqual({ groups: [], faults: [], first: null });
  expect((await plane.call('listDeadLetters', nothing)).body).toEqual({ items: [] });
});

test('faults are listed by group, and dead letters until they are replayed', async () => {
  const faults = await plane.client.get('listFaults', { params });
  expect(faults.groups).toMatchObject([{ name: 'TypeError', count: 2, lastAt: '1970-01-01T00:00:02.000Z' }]);
  expect(faults.first).toMatchObject({ operator: 'to-eur', record: 'XYZ' });

  const { items } = await plane.client.get('listDeadLetters', { params });
  expect(items).toMatchObject([
    { id: 'letter-1', status: 'set-aside', fault: { message: 'no rate for XYZ' } },
  ]);
  const replay = (ids: string[]) => plane.call('replayDeadLetters', { params, body: { ids } });
  expect(await replay(['letter-2'])).toMatchObject({ status: 409, body: { code: 'job-refused' } });
  expect(await replay(['letter-1'])).toMatchObject({ status: 200, body: { replayed: ['letter-1'] } });
  expect((await plane.client.get('listDeadLetters', { params })).items).toEqual([]);
});
