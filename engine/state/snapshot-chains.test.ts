import { describe, expect, test } from 'vitest';
import { runSnapshotChains } from './state-backend.contract.ts';

describe('a chain of snapshots', () => {
  test.each([false, true])('restores to the state at the last one, rows shared: %s', (rows) => {
    const { continued, whole } = runSnapshotChains(() => ({ rows }), 150);
    // Both ways were gone often.
    expect(Math.min(continued, whole)).toBeGreaterThan(1000);
  });
});
