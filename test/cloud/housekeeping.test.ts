/** What time brings about, over the local cloud's services: the clock is the test's, all else is as it runs. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { OperationId } from '#contract/api/routes.ts';
import type { Operation } from '#contract/resources/operation.ts';
import type { Platform } from '#functions/middleware/platform.ts';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { Answer, ControlPlane, Request } from './control-plane-fixture.ts';

// Operations are played in this process, by real tasks: on a busy machine some take a minute.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const namespace = 'default';
const application = 'payments-dashboard';
const purging = { purge: 'true', savepoints: 'delete' };

let plane: ControlPlane;
let platform: Platform;
let housekeeping: (platform: Platform) => Promise<unknown>;

beforeAll(async () => {
  plane = await openControlPlane();
  platform = (await import('#functions/middleware/platform.ts')).platform();
  ({ housekeeping } = await import('#functions/events/housekeeping.ts'));
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  const size = { sha256, sizeBytes: BUNDLE.length };
  const upload = await plane.call('createUpload', { params: { namespace, application }, body: size });
  await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: BUNDLE });
  const body = { ...size, graphHash: 'b'.repeat(64), graph: { nodes: [] } };
  const version = await plane.call('createApplicationVersion', { params: { namespace, application }, body });
  expect(version.status).toBe(201);
});

afterAll(async () => plane.close());

const of = (deployment: string, savepoint?: string) => ({
  params: { namespace, deployment, ...(savepoint === undefined ? {} : { savepoint }) },
});

/** Does what is due at a time, as the schedule would. */
async function at(timeMs: number): Promise<void> {
  await housekeeping({ ...platform, now: () => new Date(timeMs) });
}

function ask(id: OperationId, deployment: string, request: Request = {}): Promise<Answer> {
  const headers = { 'idempotency-key': randomUUID() };
  return plane.call(id, { ...of(deployment), body: {}, headers, ...request });
}

async function carriedOut(id: OperationId, deployment: string, request: Request = {}): Promise<Operation> {
  const answer = await ask(id, deployment, request);
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  const ended = await plane.carryOut(answer.body);
  expect(ended).toMatchObject({ state: 'succeeded', problem: null });
  return ended;
}

async function running(name: string, spec: Record<string, unknown> = {}): Promise<void> {
  const body = { name, spec: { application, version: 1, ...spec } };
  const created = await plane.call('createDeployment', { params: { namespace }, body });
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  await carriedOut('startDeployment', name);
}

/** The newest savepoint of a deployment that is then suspended. */
async function suspended(name: string): Promise<string> {
  await running(name);
  return (await carriedOut('suspendDeployment', name)).savepointId ?? '';
}

/** Plays the operation that housekeeping has begun on a deployment, and answers what kind it was. */
async function underWay(name: string): Promise<string> {
  const { operationId: operation } = (await plane.deployment(name)).status;
  const begun = await plane.call('getOperation', { params: { namespace, operation } });
  return (await plane.carryOut(begun.body)).kind;
}

async function savepoints(deployment: string): Promise<Answer['body'][]> {
  return (await plane.call('listSavepoints', of(deployment))).body.items;
}

async function eventsOf(deployment: string): Promise<string[]> {
  const { body } = await plane.call('listEvents', of(deployment));
  return body.items.map(({ name }: { name: string }) => name);
}

async function isThere(name: string): Promise<boolean> {
  return (await plane.call('getDeployment', of(name))).status === 200;
}

/** As an import leaves it: its chunks lie in its own folder, and nothing else refers to them. */
async function selfContained(deployment: string, id: string): Promise<string> {
  const { stores } = platform;
  const folder = stores.jobFiles.keyOf((await stores.savepoints.get(deployment, id))?.location ?? '');
  const { storage } = stores.savepointObjects;
  const manifest = JSON.parse(
    String(Buffer.from((await storage.get(`${folder}/manifest.json`))?.bytes ?? [])),
  );
  const chunk = `${folder}/chunks/0`;
  manifest.operators[0].chunks = [{ key: chunk, bytes: 7 }];
  await storage.put(`${folder}/manifest.json`, Buffer.from(JSON.stringify(manifest)));
  return chunk;
}

describe('a deployment with a savepoint that is held', () => {
  test('is deleted for good by nobody, neither at once nor when its time in the trash is up', async () => {
    const savepoint = await suspended('held');
    await plane.call('holdSavepoint', { ...of('held', savepoint), body: { reason: 'case 4711' } });
    for (const dryRun of [{}, { dryRun: 'true' }]) {
      const refused = await ask('deleteDeployment', 'held', { query: { ...purging, ...dryRun } });
      expect(refused).toMatchObject({ status: 409, body: { code: 'savepoint-held' } });
      expect(refused.body.detail).toContain('case 4711');
    }
    await carriedOut('deleteDeployment', 'held', { query: { savepoints: 'delete' } });
    await at(Date.now() + WEEK_MS + HOUR_MS);
    expect(await isThere('held')).toBe(true);
    expect(await savepoints('held')).toHaveLength(1);

    await plane.call('releaseSavepoint', of('held', savepoint));
    await at(Date.now() + WEEK_MS + HOUR_MS);
    expect(await isThere('held')).toBe(false);
  });
});

describe('a deployment that was forked', () => {
  test('goes for good, and what the fork began from stays', async () => {
    const savepointId = await suspended('parent');
    const { id } = await plane.deployment('parent');
    await carriedOut('forkDeployment', 'parent', { body: { name: 'child', savepointId } });
    await carriedOut('deleteDeployment', 'parent', { query: purging });
    await at(Date.now());
    expect(await isThere('parent')).toBe(false);
    const [copy] = await savepoints('child');
    const left = await plane.objectsUnder(`checkpoints/${id}/savepoints/`);
    expect(left).toEqual([expect.stringContaining(`/${copy.id}/manifest.json`)]);
  });

  test('stays in the trash while a fork refers to data that one of its savepoints holds itself', async () => {
    const savepointId = await suspended('importer');
    const { id } = await plane.deployment('importer');
    const chunk = await selfContained(id, savepointId);
    await carriedOut('forkDeployment', 'importer', { body: { name: 'borrower', savepointId } });
    await carriedOut('deleteDeployment', 'importer', { query: purging });
    await at(Date.now());
    expect(await isThere('importer')).toBe(true);
    expect(await plane.objectsUnder(chunk)).toEqual([chunk]);

    await carriedOut('cancelDeployment', 'borrower');
    await carriedOut('deleteDeployment', 'borrower', { query: purging });
    // The copy goes first, and with the next look what it needed.
    await at(Date.now());
    await at(Date.now());
    expect([await isThere('borrower'), await isThere('importer')]).toEqual([false, false]);
    expect(await plane.objectsUnder(chunk)).toEqual([]);
  });
});

describe('an import', () => {
  test('that is not completed within a day fails, and what was uploaded goes', async () => {
    await plane.call('createDeployment', {
      params: { namespace },
      body: { name: 'importing', spec: { application, version: 1 } },
    });
    const body = { description: 'from elsewhere' };
    const { body: begun } = await plane.call('importSavepoint', { ...of('importing'), body });
    const folder = platform.stores.jobFiles.keyOf(begun.location);
    await platform.stores.savepointObjects.storage.put(`${folder}/chunks/0`, Buffer.from('state'));
    await at(Date.now() + 23 * HOUR_MS);
    expect(await savepoints('importing')).toMatchObject([{ state: 'started' }]);
    await at(Date.now() + 25 * HOUR_MS);
    expect(await savepoints('importing')).toMatchObject([
      { state: 'failed', failure: { reason: 'import-abandoned' } },
    ]);
    expect(await plane.objectsUnder(folder)).toEqual([]);
    expect(await eventsOf('importing')).toContain('savepoint-failed');
  });
});

describe('a fork with an end', () => {
  test('is cancelled at its time and then deleted, and its events remain', async () => {
    await suspended('endless');
    const endMs = Date.now() + HOUR_MS;
    const body = { name: 'passing', state: 'none', expiresAt: new Date(endMs).toISOString() };
    const past = { ...body, expiresAt: '2020-01-01T00:00:00.000Z' };
    const refused = await ask('forkDeployment', 'endless', { body: past });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/expiresAt' }] } });
    await carriedOut('forkDeployment', 'endless', { body });
    await at(endMs - 1000);
    expect((await plane.deployment('passing')).status).toMatchObject({ state: 'running', operationId: null });
    await at(endMs);
    expect(await underWay('passing')).toBe('cancel');
    await at(endMs + 60_000);
    expect(await underWay('passing')).toBe('delete');
    await at(endMs + 120_000);
    const ended = await plane.deployment('passing');
    expect(ended).toMatchObject({
      status: { state: 'cancelled', operationId: null },
      deletion: { by: 'system:housekeeping', savepoints: 'delete' },
    });
    expect(await eventsOf('passing')).toContain('deployment-deleted');
    expect(await platform.stores.due.until(new Date(endMs).toISOString(), 500)).not.toContainEqual(
      expect.objectContaining({ kind: 'end-deployment', deployment: 'passing' }),
    );
  });
});

describe('a schedule', () => {
  test('takes a savepoint at its time, makes up for one that had to wait, and keeps as many as it says', async () => {
    await running('hourly', { savepoints: { schedule: [{ every: '1 hour', keep: 2 }] } });
    const firstMs = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
    await at(firstMs - 1);
    expect((await plane.deployment('hourly')).status.operationId).toBeNull();
    // Nothing that anybody asks for is put off by it.
    const asked = await ask('createSavepoint', 'hourly');
    await at(firstMs);
    expect(await eventsOf('hourly')).toContain('savepoint-put-off');
    await plane.carryOut(asked.body);
    for (const slot of [0, 1, 2]) {
      await at(firstMs + slot * HOUR_MS + 60_000);
      expect(await underWay('hourly')).toBe('savepoint');
      await at(firstMs + slot * HOUR_MS + 120_000);
      expect((await plane.deployment('hourly')).status.operationId).toBeNull();
    }
    const kept = await savepoints('hourly');
    expect(kept.map(({ origin }) => origin)).toEqual(['scheduled', 'scheduled', 'user-request']);
    const { id } = await plane.deployment('hourly');
    const manifests = (await plane.objectsUnder(`checkpoints/${id}/savepoints/`)).filter((key) =>
      key.endsWith('manifest.json'),
    );
    expect(manifests).toHaveLength(3);
  });
});
