import { beforeEach, describe, expect, it } from 'vitest';
import { expectedTotals } from '../counting.fixture.ts';
import { readManifest } from '../coordinator/manifest.ts';
import { InMemoryStorage } from '../in-memory-storage.ts';
import { COUNT, Deployment, SPLITS } from '../job-runs.fixture.ts';
import { describeSavepoint } from './describe-savepoint.ts';
import { exportSavepoint } from './export-savepoint.ts';
import { importSavepoint } from './import-savepoint.ts';

const FINISHED = { state: 'FINISHED', fenced: false };

describe('a savepoint as a file', () => {
  let deployment: Deployment;
  let file: Uint8Array;

  beforeEach(async () => {
    deployment = new Deployment();
    const run = await deployment.start();
    await run.checkpoints(2);
    await run.savepoint('d/savepoints/s', { stop: true });
    file = await bytesOf(exportSavepoint(deployment.storage, 'd/savepoints/s'));
  });

  it('is restored from by another deployment in another storage', async () => {
    const elsewhere = new Deployment();
    await importSavepoint(elsewhere.storage, 'imported/', pieces(file, 7));
    const restore = { kind: 'manifest', location: 'imported' } as const;
    // Its first checkpoint is taken at once, and needs nothing of what was imported.
    const first = await elsewhere.start({}, { restore, checkpointIntervalMs: 3_600_000 });
    await first.checkpoints(1);
    await elsewhere.storage.delete(await elsewhere.keys('imported/'));
    const run = await elsewhere.start();
    expect(await run.toEnd()).toEqual(FINISHED);
    expect(run.job.status().checkpoints.counts.restored).toBe(1);
    expect(new Map([...deployment.table.rows, ...elsewhere.table.rows])).toEqual(
      expectedTotals(SPLITS, COUNT),
    );
  });

  it('is made of a checkpoint as well, and of what was imported', async () => {
    const other = new InMemoryStorage();
    await importSavepoint(other, 'i', pieces(file, 1000));
    expect(await bytesOf(exportSavepoint(other, 'i'))).toEqual(file);
    const [checkpoint = ''] = await deployment.keys('d/jobs/');
    const copy = await bytesOf(exportSavepoint(deployment.storage, checkpoint));
    const manifest = await importSavepoint(other, 'c', pieces(copy, 1000));
    expect(manifest).toMatchObject({ savepoint: false, selfContained: true });
  });

  it('is refused wherever it is cut off, and leaves nothing behind', async () => {
    for (let length = 0; length < file.length; length += Math.max(1, Math.floor(file.length / 60))) {
      const storage = new InMemoryStorage();
      await expect(importSavepoint(storage, 'i', pieces(file.slice(0, length), 100))).rejects.toThrow(
        /^Cannot import a savepoint into "i": the file is (cut off|no exported savepoint|damaged)/,
      );
      expect(await keysOf(storage)).toEqual([]);
    }
  });

  it('is refused wherever one byte is another, and leaves nothing behind', async () => {
    for (let at = 0; at < file.length; at += Math.max(1, Math.floor(file.length / 60))) {
      const storage = new InMemoryStorage();
      const damaged = file.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x41;
      await expect(importSavepoint(storage, 'i', pieces(damaged, 100))).rejects.toThrow(
        'Cannot import a savepoint into "i"',
      );
      expect(await keysOf(storage)).toEqual([]);
    }
  });

  it('is refused where more follows', async () => {
    const longer = Buffer.concat([file, Buffer.from('x')]);
    await expect(importSavepoint(new InMemoryStorage(), 'i', pieces(longer, 100))).rejects.toThrow(
      'the file is damaged: something follows its trailer',
    );
  });

  it('is not imported over another savepoint', async () => {
    const before = await keysOf(deployment.storage);
    await expect(importSavepoint(deployment.storage, 'd/savepoints/s', pieces(file, 100))).rejects.toThrow(
      'there is one already; give an empty directory',
    );
    expect(await keysOf(deployment.storage)).toEqual(before);
  });

  it('is taken back when the storage fails half-way', async () => {
    const storage = new InMemoryStorage();
    const put = storage.put.bind(storage);
    let puts = 0;
    storage.put = (...args) => {
      puts += 1;
      return puts === 3 ? Promise.reject(new Error('the disk is full')) : put(...args);
    };
    await expect(importSavepoint(storage, 'i', pieces(file, 100))).rejects.toThrow('the disk is full');
    expect(await keysOf(storage)).toEqual([]);
  });

  it('has no trailer where its state is damaged', async () => {
    const [chunk = ''] = await deployment.keys('d/chunks/');
    await deployment.storage.put(chunk, new Uint8Array(3));
    await expect(bytesOf(exportSavepoint(deployment.storage, 'd/savepoints/s'))).rejects.toThrow(
      `Cannot export savepoint "d/savepoints/s/manifest.json": object "${chunk}" is corrupt`,
    );
  });
});

describe('the description of a savepoint', () => {
  it('says what it holds and what it can be restored into', async () => {
    const deployment = new Deployment();
    const run = await deployment.start({}, { maxParallelism: 64 });
    await run.host.runFor(30);
    await run.savepoint('d/savepoints/s', { stop: true });
    const { manifest } = await readManifest(deployment.storage, 'd/savepoints/s');
    const { operators, ...description } = describeSavepoint(manifest);
    expect(description).toMatchObject({
      application: 'counting',
      savepoint: true,
      formatVersion: 2,
      stateBackend: 'heap',
      selfContained: false,
      restoresInto: { maxParallelism: 64, operators: ['payments', 'per-country'] },
    });
    expect(description.rawBytes).toBeGreaterThan(description.storedBytes);
    const windows = operators.find(({ name }) => name === 'per-country');
    expect(windows).toMatchObject({ kind: 'window', parallelism: 2 });
    expect(windows?.states).toMatchObject([
      {
        name: 'windows',
        declared: { kind: 'windows' },
        keyGroups: [
          { start: 0, end: 31 },
          { start: 32, end: 63 },
        ],
      },
    ]);
    expect(windows?.entries).toBeGreaterThan(10);
    expect(operators.find(({ name }) => name === 'payments')?.splits).toHaveLength(SPLITS);
  });
});

async function* pieces(bytes: Uint8Array, length: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of stream) all.push(piece);
  return new Uint8Array(Buffer.concat(all));
}

async function keysOf(storage: InMemoryStorage): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list('')) keys.push(key);
  return keys;
}
