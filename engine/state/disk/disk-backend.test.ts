import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runSnapshotChains } from '../state-backend.contract.ts';
import { DiskBackend } from './disk-backend.ts';
import { nodeFiles } from './disk-files.ts';

let directory = '';
let opened = 0;
let backends: DiskBackend[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'disk-backend-'));
});
afterEach(() => {
  for (const backend of backends.splice(0)) backend.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A backend with hardly any memory, so that entries come and go all the time. */
function tiny(cacheBytes = 1000): DiskBackend {
  // Those of earlier runs hold files open.
  for (const old of backends.splice(0, backends.length - 8)) old.close();
  const files = nodeFiles(join(directory, String(opened++)));
  const backend = new DiskBackend({ files, cacheBytes, chunkBytes: 400, segmentBytes: 1 });
  backends = [...backends, backend];
  return backend;
}

describe('state on the disk', { timeout: 30_000 }, () => {
  test('restores to the state at the last snapshot', () => {
    const { continued, whole, dropped } = runSnapshotChains(() => ({ rows: false, backend: tiny() }), 40);
    expect(Math.min(continued, whole)).toBeGreaterThan(200);
    expect(dropped).toBeGreaterThan(100);
  });

  test('restores to the state at the last snapshot where nothing stays in memory', () => {
    runSnapshotChains(() => ({ rows: false, backend: tiny(0) }), 30);
  });

  test('becomes state in memory and back with any restore', () => {
    let turn = 0;
    runSnapshotChains(() => (turn++ % 2 === 0 ? { rows: false } : { rows: false, backend: tiny() }), 40);
  });
});
