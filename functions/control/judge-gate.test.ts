import { describe, expect, test } from 'vitest';
import { gateMetrics, UpgradeGate } from '#contract/resources/upgrade.ts';
import { gateFigure, judgeGate, seenAfter } from './judge-gate.ts';
import type { GateLook, GateSeen } from './judge-gate.ts';
import { unreachableMetrics } from './metrics-view.ts';

const at = (second: number): string => new Date(second * 1000).toISOString();
const seen: GateSeen = { since: at(0), restarts: 0, attempts: 1, triggered: true };
const gate = UpgradeGate.parse({ timeout: '1 minute', healthyFor: '5 seconds' });
const metrics = {
  ...unreachableMetrics(at(10), 'f'.repeat(32), ''),
  unreachable: null,
  recordsInPerSecond: 12.5,
  watermark: 4000,
};

function look(change: Partial<GateLook> = {}): GateLook {
  return { nowMs: 10_000, begunMs: 0, isUp: true, seen, hasCheckpoint: true, metrics, ...change };
}

describe('a gate', () => {
  test('is passed when the job runs, has its checkpoint and was healthy for long enough', () => {
    expect(judgeGate(gate, look())).toMatchObject({ kind: 'passed' });
  });

  test.each([
    [{ isUp: false }, /not every operator runs/],
    [{ hasCheckpoint: false }, /no checkpoint of the new job is complete/],
    [{ seen: { ...seen, since: at(7) } }, /3 s without a restart, the gate wants 5 seconds/],
  ] as const)('waits for what is lacking, and misses it after its timeout: %j', (change, part) => {
    const early = judgeGate(gate, look(change));
    expect(early.kind).toBe('waiting');
    expect(early.reason).toMatch(part);
    const late = judgeGate(gate, look({ ...change, begunMs: -60_000 }));
    expect(late.kind).toBe('missed');
    expect(late.reason).toMatch(part);
  });

  test('that asks for no checkpoint does not wait for one', () => {
    expect(judgeGate({ ...gate, checkpoint: false }, look({ hasCheckpoint: false }))).toMatchObject({
      kind: 'passed',
    });
  });

  test('names the figure that a condition was not met by, and one that nobody knows', () => {
    const conditions = [
      { metric: 'recordsInPerSecond', comparison: 'at-least', value: 100 },
      { metric: 'lagMs', comparison: 'at-most', value: 5000 },
      { metric: 'restarts', comparison: 'at-most', value: 0 },
    ] as const;
    const judged = judgeGate({ ...gate, conditions: [...conditions] }, look());
    expect(judged).toEqual({
      kind: 'waiting',
      reason:
        'recordsInPerSecond is 12.5, the gate wants at least 100; lagMs is 6000, the gate wants at most 5000; nobody knows restarts yet, the gate wants at most 0',
    });
  });

  test('is missed at once by more restarts than it allows; attempts count too', () => {
    expect(judgeGate(gate, look({ seen: { ...seen, restarts: 3 } }))).not.toMatchObject({ kind: 'missed' });
    expect(judgeGate(gate, look({ seen: { ...seen, restarts: 4 } }))).toMatchObject({ kind: 'missed' });
    expect(judgeGate(gate, look({ seen: { ...seen, restarts: 2, attempts: 3 } }))).toMatchObject({
      kind: 'missed',
    });
  });
});

describe('the healthy time', () => {
  const now = { at: at(9), restarts: 0, attempts: 1, isUp: true };

  test('begins with the first look', () => {
    expect(seenAfter(null, now)).toEqual({ since: at(9), restarts: 0, attempts: 1, triggered: false });
  });

  test('goes on as long as nothing happens', () => {
    expect(seenAfter(seen, now)).toBe(seen);
  });

  test.each([{ restarts: 1 }, { attempts: 2 }, { isUp: false }])('begins anew after %j', (change) => {
    expect(seenAfter(seen, { ...now, ...change })).toMatchObject({ since: at(9), triggered: true });
  });

  test('adds the restarts of a new process to those of the one before', () => {
    const before = { ...seen, restarts: 2 };
    expect(seenAfter(before, { ...now, restarts: 1, attempts: 2 })).toMatchObject({
      restarts: 3,
      attempts: 2,
    });
  });
});

test.each(gateMetrics)('the figure %s is a number or unknown, never missing', (metric) => {
  const figure = gateFigure(metrics, metric);
  expect(figure === null || Number.isFinite(figure)).toBe(true);
});
