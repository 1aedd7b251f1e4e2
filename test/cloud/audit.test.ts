/** What is written down of every mutation, and how it is found again. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { functionEnvironment } from '#contract/names.ts';
import type { AuditRecord } from '#contract/resources/audit-record.ts';
import { openControlPlane } from './control-plane-fixture.ts';
import type { ControlPlane } from './control-plane-fixture.ts';

let plane: ControlPlane;
const namespace = 'audited';
const inside = { params: { namespace } };

beforeAll(async () => {
  plane = await openControlPlane();
  await plane.call('createNamespace', { body: { name: namespace } });
});

afterAll(async () => plane.close());

async function recordsOf(query: Record<string, unknown> = {}): Promise<AuditRecord[]> {
  const answer = await plane.call('listNamespaceAudit', { ...inside, query });
  expect(answer.status).toBe(200);
  return answer.body.items;
}

test('a mutation is written down with its actor, request, resource, body and outcome', async () => {
  const headers = { 'x-request-id': 'mine' };
  await plane.call('createApplication', {
    ...inside,
    body: { name: 'clicks', description: 'Counts' },
    headers,
  });
  const [record] = await recordsOf({ operation: 'createApplication' });
  expect(record).toMatchObject({
    actor: 'user:test',
    requestId: 'mine',
    operation: 'createApplication',
    namespace,
    resource: 'applications/clicks',
    status: 201,
    problem: null,
    before: null,
    after: 1,
    body: { name: 'clicks', description: 'Counts' },
  });
});

test('a change tells the revisions before and after it', async () => {
  const params = { namespace, application: 'clicks' };
  const change = { params, body: { description: 'Counts more' }, headers: { 'if-match': '"1"' } };
  await plane.call('updateApplication', change);
  const [record] = await recordsOf({ operation: 'updateApplication' });
  expect(record).toMatchObject({ before: 1, after: 2, status: 200 });
});

test('a mutation that fails is written down with its problem', async () => {
  await plane.call('createApplication', { ...inside, body: { name: 'clicks' } });
  const [record] = await recordsOf({ operation: 'createApplication' });
  expect(record).toMatchObject({ status: 409, problem: 'already-exists' });
});

test('a mutation that is refused for want of a permission is written down, a read is not', async () => {
  const caller = { actor: 'user:eve', groups: '[]' };
  const params = { namespace, deployment: 'production' };
  await plane.call('cancelDeployment', { params, body: {}, headers: { 'idempotency-key': 'k' }, caller });
  await plane.call('getDeployment', { params, caller });
  const records = await recordsOf({ actor: 'user:eve' });
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({
    operation: 'cancelDeployment',
    resource: 'deployments/production',
    status: 403,
    problem: 'forbidden',
  });
});

test('who cancelled production yesterday is one query', async () => {
  const records = await recordsOf({
    operation: 'cancelDeployment',
    resource: 'deployments/production',
    since: new Date(Date.now() - 86_400_000).toISOString(),
    until: new Date(Date.now() + 60_000).toISOString(),
  });
  expect(records.map(({ actor }) => actor)).toEqual(['user:eve']);
  const before = await recordsOf({ until: new Date(Date.now() - 86_400_000).toISOString() });
  expect(before).toEqual([]);
});

test('a body that holds a secret is kept without it', async () => {
  const configuration = { apiKey: 'tell-nobody', bootstrap: 'kafka:9092' };
  const body = { name: 'secretive', spec: { application: 'clicks', version: 1, configuration } };
  await plane.call('createDeployment', { ...inside, body });
  const [record] = await recordsOf({ operation: 'createDeployment' });
  expect(record?.body).toMatchObject({
    spec: { configuration: { apiKey: '***', bootstrap: 'kafka:9092' } },
  });
  expect(JSON.stringify(await recordsOf())).not.toContain('tell-nobody');
});

test('the log is exported as one record a line, page by page', async () => {
  const all: string[] = [];
  let query: Record<string, unknown> | undefined = { format: 'ndjson', limit: 2 };
  while (query !== undefined) {
    const page = await plane.call('listAudit', { query, raw: true });
    expect(page.headers['content-type']).toBe('application/x-ndjson');
    all.push(...String(page.body).split('\n').slice(0, -1));
    const next = /<([^>]+)>; rel="next"/.exec(page.headers['link'] ?? '')?.[1];
    query = next === undefined ? undefined : Object.fromEntries(new URLSearchParams(next.split('?')[1]));
  }
  const records = all.map((line): AuditRecord => JSON.parse(line));
  expect(records.length).toBeGreaterThan(4);
  expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  expect(records.at(-1)).toMatchObject({ operation: 'createNamespace', resource: 'namespaces/audited' });
});

test('a record is kept for 400 days', async () => {
  const [record] = await recordsOf({ limit: 1 });
  const { openDatabase } = await import('#functions/stores/open-database.ts');
  const { readItem } = await import('#functions/stores/database.ts');
  const { keys } = await import('#functions/stores/table.ts');
  const database = openDatabase(String(process.env[functionEnvironment.table]));
  const item = await readItem(database, keys.auditRecord(record?.id ?? '', namespace));
  const days = (Number(item?.['expiresAt']) - Date.parse(record?.at ?? '') / 1000) / 86_400;
  expect(Math.round(days)).toBe(400);
});

test('a plan is no mutation', async () => {
  const before = (await recordsOf()).length;
  await plane.call('startDeployment', {
    params: { namespace, deployment: 'secretive' },
    query: { dryRun: 'true' },
    body: {},
    headers: { 'idempotency-key': 'k' },
  });
  expect(await recordsOf()).toHaveLength(before);
});
