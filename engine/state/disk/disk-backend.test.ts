import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runSnapshotChains } from '../state-backend.contract.ts';
import { TinyDisks } from './tiny-disks.fixture.ts';

let disks = new TinyDisks();
beforeEach(() => {
  disks = new TinyDisks();
});
afterEach(() => disks.close());

describe('state on the disk', { timeout: 30_000 }, () => {
  test('restores to the state at the last snapshot', () => {
    const { continued, whole, dropped } = runSnapshotChains(
      () => ({ rows: false, backend: disks.open() }),
      40,
    );
    // Cases are drawn at random: usually twice as many of each.
    expect(Math.min(continued, whole)).toBeGreaterThan(100);
    expect(dropped).toBeGreaterThan(40);
  });

  test('restores to the state at the last snapshot where nothing stays in memory', () => {
    runSnapshotChains(() => ({ rows: false, backend: disks.open(0) }), 30);
  });

  test('becomes state in memory and back with any restore', () => {
    let turn = 0;
    runSnapshotChains(
      () => (turn++ % 2 === 0 ? { rows: false } : { rows: false, backend: disks.open() }),
      40,
    );
  });
});
