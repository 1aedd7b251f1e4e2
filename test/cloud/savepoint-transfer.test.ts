/** Savepoints as files: out of one deployment and into another, through the API and the command line's own commands. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Command } from '#cli/command.ts';
import { deleteSavepoint } from '#cli/commands/savepoint/delete.ts';
import { purgeSavepoint } from '#cli/commands/savepoint/purge.ts';
import { describeSavepoint } from '#cli/commands/savepoint/describe.ts';
import { exportSavepoint } from '#cli/commands/savepoint/export.ts';
import { importSavepoint } from '#cli/commands/savepoint/import.ts';
import { exportSavepoint as exportFrom } from '#engine/index.ts';
import { COUNT, Deployment as EngineDeployment, SPLITS } from '#engine/runtime/job-runs.fixture.ts';
import { expectedTotals } from '#engine/runtime/counting.fixture.ts';
import { openStores } from '#functions/stores/stores.ts';
import { BUNDLE, openControlPlane, sha256 } from './control-plane-fixture.ts';
import type { ControlPlane } from './control-plane-fixture.ts';

const namespace = 'default';
const directory = mkdtempSync(join(tmpdir(), 'savepoint-transfer-'));
const file = join(directory, 'taken.savepoint');
const engine = new EngineDeployment();
let plane: ControlPlane;

beforeAll(async () => {
  plane = await openControlPlane();
  const application = 'counting';
  await plane.call('createApplication', { params: { namespace }, body: { name: application } });
  const size = { sha256, sizeBytes: BUNDLE.length };
  const upload = await plane.call('createUpload', { params: { namespace, application }, body: size });
  await fetch(upload.body.url, { method: 'PUT', headers: upload.body.headers, body: BUNDLE });
  const version = { ...size, graphHash: 'b'.repeat(64), graph: { nodes: [] } };
  await plane.call('createApplicationVersion', { params: { namespace, application }, body: version });
  for (const name of ['from', 'to', 'in-use']) {
    const body = { name, spec: { application, version: 1 } };
    expect((await plane.call('createDeployment', { params: { namespace }, body })).status).toBe(201);
  }
  const run = await engine.start();
  await run.checkpoints(2);
  await run.savepoint('d/savepoints/s', { stop: true });
  await writeFile(file, exportFrom(engine.storage, 'd/savepoints/s'));
});

afterAll(async () => {
  await plane.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs a command as the command line does, but for its printing. */
// Whatever the API answers; each test says what it expects of it.
// oxlint-disable-next-line typescript/no-explicit-any
async function run(command: Command, args: Record<string, string>): Promise<any> {
  const result = await command.run({
    args,
    flags: {},
    namespace,
    output: 'json',
    client: () => Promise.resolve(plane.client),
    say: () => {},
  });
  return result?.body;
}

async function objectsOf(savepoint: Savepoint): Promise<readonly string[]> {
  const { savepointObjects, jobFiles } = storesOfPlatform();
  return [...(await savepointObjects.sizes(jobFiles.keyOf(savepoint.location))).keys()];
}

function storesOfPlatform() {
  return openStores({ table: 'headwater', bucket: 'headwater-state' });
}

test('a savepoint goes from file to platform to file unchanged, and a job goes on from it exactly there', async () => {
  const imported: Savepoint = await run(importSavepoint, { deployment: 'from', file });
  expect(imported).toMatchObject({ origin: 'imported', state: 'completed', jobNumber: null });
  expect(imported.sizeBytes).toBeGreaterThan(0);

  const contents = await run(describeSavepoint, { deployment: 'from', savepoint: imported.id });
  expect(contents).toMatchObject({ selfContained: true, restoresInto: { maxParallelism: 128 } });
  expect(contents.entries).toBeGreaterThan(0);

  const again = join(directory, 'exported.savepoint');
  await run(exportSavepoint, { deployment: 'from', savepoint: imported.id, file: again });
  expect(await readFile(again)).toEqual(await readFile(file));

  const elsewhere: Savepoint = await run(importSavepoint, { deployment: 'to', file: again });
  const start = await plane.call('startDeployment', {
    params: { namespace, deployment: 'to' },
    headers: { 'idempotency-key': randomUUID() },
    body: {},
  });
  expect(start.body.plan.restore).toMatchObject({ kind: 'savepoint', savepointId: elsewhere.id });
  expect((await plane.carryOut(start.body)).state).toBe('succeeded');

  // The worker of this test is a stand-in, so the engine begins here from what lies in the bucket.
  const { savepointObjects, jobFiles } = storesOfPlatform();
  const key = jobFiles.keyOf(elsewhere.location);
  const successor = new EngineDeployment();
  for await (const object of savepointObjects.storage.list(`${key}/`)) {
    const found = await savepointObjects.storage.get(object);
    await successor.storage.put(object.replace(key, 'restored'), found?.bytes ?? new Uint8Array());
  }
  const job = await successor.start({}, { restore: { kind: 'manifest', location: 'restored' } });
  expect(await job.toEnd()).toMatchObject({ state: 'FINISHED' });
  const rows = new Map([...engine.table.rows, ...successor.table.rows]);
  expect(rows).toEqual(expectedTotals(SPLITS, COUNT));
});

test('a file that is cut off is refused by a sentence, and leaves no savepoint', async () => {
  const cut = join(directory, 'cut.savepoint');
  await writeFile(cut, await readFile(file));
  await truncate(cut, 2000);
  const before = await plane.client.get('listSavepoints', { params: { namespace, deployment: 'from' } });
  await expect(run(importSavepoint, { deployment: 'from', file: cut })).rejects.toThrow('cut off');
  const after = await plane.client.get('listSavepoints', { params: { namespace, deployment: 'from' } });
  expect(after.items.map(({ id }) => id)).toEqual(before.items.map(({ id }) => id));
});

test('an import does not complete while an object of its manifest is missing', async () => {
  const params = { namespace, deployment: 'from' };
  const { id } = await plane.client.get('importSavepoint', { params, body: {} });
  const place = { ...params, savepoint: id };
  const complete = () => plane.call('completeSavepointImport', { params: place, body: {} });
  expect(await complete()).toMatchObject({ status: 422, body: { code: 'savepoint-incomplete' } });

  const chunk = {
    key: 'chunks/1-1/a',
    bytes: 3,
    crc: 1,
    keyGroups: { start: 0, end: 127 },
    state: 's',
    entries: 1,
  };
  const operator = { id: 'a', name: 'a', kind: 'map', state: [], chunks: [chunk] };
  const manifest = {
    version: 2,
    operators: [operator],
    splits: [],
    maxParallelism: 128,
    parallelism: 1,
    checkpointId: 1,
    application: 'a',
    graphHash: 'h',
    jobId: 'j',
    savepoint: true,
    selfContained: true,
    completedAt: new Date(0).toISOString(),
  };
  await put(place, 'manifest.json', JSON.stringify(manifest));
  await put(place, 'chunks/1-1/a', 'ab');
  expect((await complete()).body.detail).toContain('chunks/1-1/a" of 3 bytes is not there');
  await put(place, 'chunks/1-1/a', 'abc');
  expect(await complete()).toMatchObject({ status: 200, body: { state: 'completed' } });
  // Nothing is put to it from now on.
  const late = await plane.call('createSavepointUploads', {
    params: place,
    body: { names: ['chunks/1-1/a'] },
  });
  expect(late).toMatchObject({ status: 409, body: { code: 'savepoint-in-use' } });
  const stray = { params: place, body: { names: ['../../head.json'] } };
  expect((await plane.call('createSavepointUploads', stray)).status).toBe(422);
});

test('a savepoint is deleted with its objects, but not while its job has nothing else to begin from', async () => {
  const imported: Savepoint = await run(importSavepoint, { deployment: 'in-use', file });
  const params = { namespace, deployment: 'in-use' };
  const start = await plane.call('startDeployment', {
    params,
    headers: { 'idempotency-key': randomUUID() },
    body: {},
  });
  const place = { deployment: 'in-use', savepoint: imported.id };
  await expect(run(deleteSavepoint, place)).rejects.toMatchObject({ code: 'savepoint-in-use' });
  await plane.carryOut(start.body);

  const { heads, savepointObjects } = storesOfPlatform();
  const { id, status } = await plane.deployment('in-use');
  const head = await heads.read(id);
  await heads.swap(id, { epoch: head?.head.epoch ?? 1, jobId: status.jobId ?? '' }, head);
  await expect(run(deleteSavepoint, place)).rejects.toMatchObject({ code: 'savepoint-in-use' });

  await heads.swap(id, head?.head ?? { epoch: 1, jobId: '' }, await heads.read(id));
  const orphan = `checkpoints/${id}/chunks/1/${'a'.repeat(64)}`;
  await savepointObjects.storage.put(orphan, new Uint8Array(1));
  expect(await objectsOf(imported)).not.toEqual([]);
  await run(purgeSavepoint, place);
  expect(await objectsOf(imported)).toEqual([]);
  // The job is alive and collects by itself.
  expect(await savepointObjects.storage.get(orphan)).toBeDefined();
  await expect(run(deleteSavepoint, place)).rejects.toMatchObject({ code: 'not-found' });
});

test('what nobody refers to goes with a savepoint of a deployment at rest', async () => {
  const imported: Savepoint = await run(importSavepoint, { deployment: 'from', file });
  const { heads, savepointObjects } = storesOfPlatform();
  const { id } = await plane.deployment('from');
  await heads.swap(id, { epoch: 3, jobId: '' }, undefined);
  const orphan = `checkpoints/${id}/chunks/1/${'a'.repeat(64)}`;
  await savepointObjects.storage.put(orphan, new Uint8Array(1));
  await run(purgeSavepoint, { deployment: 'from', savepoint: imported.id });
  expect(await savepointObjects.storage.get(orphan)).toBeUndefined();
});

async function put(params: Record<string, string>, name: string, text: string): Promise<void> {
  const answer = await plane.call('createSavepointUploads', { params, body: { names: [name] } });
  expect((await fetch(answer.body.items[0].url, { method: 'PUT', body: text })).status).toBe(200);
}
