import { expect, test } from 'vitest';
import { decideRecovery, triesSince } from './decide-recovery.ts';
import type { StoppedTask } from './decide-recovery.ts';

const nowMs = Date.parse('2026-11-21T12:00:00.000Z');
const minutesAgo = (minutes: number): string => new Date(nowMs - minutes * 60_000).toISOString();
const killed: StoppedTask = {
  exitCode: 137,
  reason: null,
  isInfrastructure: false,
  triesStartedAt: [minutesAgo(1)],
  nowMs,
  attemptExpiry: '10 minutes',
  maxAttempts: 4,
};

test.each([null, 1, 86, 137, 139, 143])(
  'a task that ended with code %s without a word is recovered',
  (exitCode) => {
    expect(decideRecovery({ ...killed, exitCode }).kind).toBe('recover');
  },
);

test('the worker that says how its job ended is believed, whatever the exit code', () => {
  for (const exitCode of [null, 0, 1, 143]) {
    const kindOf = (end: StoppedTask['end']) => decideRecovery({ ...killed, exitCode, end }).kind;
    expect(kindOf({ state: 'FINISHED' })).toBe('finished');
    expect(kindOf({ state: 'FAILED', message: 'boom' })).toBe('failed');
    expect(kindOf({ state: 'CANCELED' })).toBe('failed');
  }
});

test('a failed job gives its reason', () => {
  const { reason } = decideRecovery({ ...killed, end: { state: 'FAILED', message: 'boom' } });
  expect(reason).toBe('The job failed for good: boom');
});

test('a worker that refused to start is not started again', () => {
  expect(decideRecovery({ ...killed, exitCode: 78 }).kind).toBe('failed');
});

test('a worker that left without a fault has finished', () => {
  expect(decideRecovery({ ...killed, exitCode: 0 }).kind).toBe('finished');
});

test('the breaker opens at the limit of attempts within ten minutes', () => {
  const tries = [1, 2, 3, 4].map(minutesAgo);
  expect(decideRecovery({ ...killed, triesStartedAt: tries.slice(1) }).kind).toBe('recover');
  const opened = decideRecovery({ ...killed, triesStartedAt: tries });
  expect(opened.kind).toBe('failed');
  expect(opened.reason).toContain('4 attempts within 10 minutes came to no checkpoint');
});

test('attempts of longer ago do not count', () => {
  const triesStartedAt = [1, 2, 3, 11].map(minutesAgo);
  expect(decideRecovery({ ...killed, triesStartedAt }).kind).toBe('recover');
});

test('what ECS did itself is not held against the job', () => {
  const triesStartedAt = [1, 2, 3, 4, 5].map(minutesAgo);
  expect(decideRecovery({ ...killed, triesStartedAt, isInfrastructure: true }).kind).toBe('recover');
});

test('a checkpoint since the last attempt clears the tries', () => {
  const tries = { checkpointId: 7, startedAt: [minutesAgo(1)] };
  expect(triesSince(tries, 7)).toEqual(tries.startedAt);
  expect(triesSince(tries, 8)).toEqual([]);
  expect(triesSince({ ...tries, checkpointId: null }, null)).toEqual(tries.startedAt);
});
