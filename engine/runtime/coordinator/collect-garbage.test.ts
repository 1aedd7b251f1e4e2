import { describe, expect, it } from 'vitest';
import { InMemoryStorage } from '../in-memory-storage.ts';
import type { WriteTimes } from './abandoned-savepoints.ts';
import { collectGarbage } from './collect-garbage.ts';
import { encodeJson } from './json-object.ts';

const HOUR_MS = 3_600_000;
const nowMs = 100 * HOUR_MS;

/** A deployment at rest, with objects that were written so many hours ago. */
async function atRest(hoursAgo: Readonly<Record<string, number>>) {
  const storage = new InMemoryStorage();
  await storage.put('d/head.json', encodeJson({ epoch: 3, jobId: 'job' }));
  for (const key of Object.keys(hoursAgo)) await storage.put(key, encodeJson({}));
  const times: WriteTimes = {
    nowMs,
    async *list(prefix) {
      for await (const key of storage.list(prefix))
        yield { key, writtenAtMs: nowMs - (hoursAgo[key] ?? 0) * HOUR_MS };
    },
  };
  const left = async () => {
    const keys: string[] = [];
    for await (const key of storage.list('')) if (key !== 'd/head.json') keys.push(key);
    return keys;
  };
  return { storage, times, left };
}

describe('a savepoint without a manifest', () => {
  it('is collected when nothing was written there for a day', async () => {
    const { storage, times, left } = await atRest({
      'd/savepoints/cut-off/chunks/3-7/a': 30,
      'd/savepoints/cut-off/uploaded.json': 25,
    });
    expect(await collectGarbage(storage, 'd', times)).toEqual({ outcome: 'collected', objects: 2 });
    expect(await left()).toEqual([]);
  });

  it('stays where something was written within a day, elsewhere or by Flink', async () => {
    const objects = {
      'd/savepoints/flink/savepoint-1/_metadata': 90,
      'd/savepoints/flink/savepoint-1/part': 90,
      'd/savepoints/under-way/chunks/3-7/a': 90,
      'd/savepoints/under-way/chunks/3-7/b': 23,
      'e/savepoints/cut-off/chunks/3-7/a': 90,
    };
    const { storage, times, left } = await atRest(objects);
    expect(await collectGarbage(storage, 'd', times)).toEqual({ outcome: 'collected', objects: 0 });
    expect(await left()).toEqual(Object.keys(objects));
  });

  it('stays when a job has begun meanwhile', async () => {
    const { storage, times, left } = await atRest({ 'd/savepoints/cut-off/chunks/3-7/a': 90 });
    const listing: WriteTimes = {
      ...times,
      async *list(prefix) {
        yield* times.list(prefix);
        await storage.put('d/head.json', encodeJson({ epoch: 5, jobId: 'next' }));
      },
    };
    expect(await collectGarbage(storage, 'd', listing)).toEqual({ outcome: 'overtaken' });
    expect(await left()).toEqual(['d/savepoints/cut-off/chunks/3-7/a']);
  });
});
