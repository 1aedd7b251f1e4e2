import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeEarlierState, removeOwnState, stateOptions, stateSettings } from './state-settings.ts';

test('a job keeps its state on the heap where nothing is said', () => {
  expect(stateSettings({})).toMatchObject({ backend: 'heap', memoryMb: undefined });
});

test('a job has the memory and the directory that the environment names', () => {
  const settings = stateSettings({
    HEADWATER_STATE_BACKEND: 'disk',
    HEADWATER_STATE_DIRECTORY: '/state',
    HEADWATER_STATE_MEMORY_MB: '64',
  });
  expect(stateOptions(settings, { jobId: 'job', epoch: 3, parallelism: 2 })).toEqual({
    stateBackend: 'disk',
    stateDirectory: '/state/job/3',
    stateMemoryMb: 64,
  });
});

test('a worker refuses a backend or a memory that it does not know', () => {
  expect(() => stateSettings({ HEADWATER_STATE_BACKEND: 'rocks' })).toThrow(
    /is "rocks", it must be "heap" or "disk"/,
  );
  expect(() => stateSettings({ HEADWATER_STATE_MEMORY_MB: '1.5' })).toThrow(
    /is "1.5", it must be a whole number/,
  );
});

test('a worker removes what earlier processes of its job left, and at its end only its own', () => {
  const directory = mkdtempSync(join(tmpdir(), 'worker-state-'));
  const settings = { backend: 'disk', directory, memoryMb: undefined } as const;
  const places = ['a/1/slot', 'a/2/slot', 'b/1/slot'].map((place) => join(directory, place));
  for (const place of places) mkdirSync(place, { recursive: true });
  removeOwnState(settings, { jobId: 'a', epoch: 1, parallelism: 1 });
  expect(places.map((place) => existsSync(place))).toEqual([false, true, true]);
  removeEarlierState(settings, { jobId: 'a', epoch: 3, parallelism: 1 });
  expect(readdirSync(directory)).toEqual(['b']);
  rmSync(directory, { recursive: true });
});
