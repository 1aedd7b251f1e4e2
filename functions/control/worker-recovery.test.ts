import { expect, test } from 'vitest';
import { Recovery } from '#contract/resources/recovery.ts';
import { workerRecovery } from './worker-recovery.ts';

const limits = {
  maxJobCreationAttempts: 4,
  attemptExpiry: '10 minutes',
  maxSavepointCreationAttempts: 4,
  maxRestarts: 10,
};

test('a spec that says nothing restarts as Flink does, up to its limit', () => {
  expect(workerRecovery({ recovery: Recovery.parse({}), limits })).toEqual({
    restart: {
      kind: 'exponential-delay',
      initialDelayMs: 1000,
      maxDelayMs: 60_000,
      backoffMultiplier: 1.5,
      jitter: 0.1,
      resetAfterMs: 3_600_000,
      maxRestarts: 10,
    },
    poison: { policy: 'fail', faults: 3 },
    watchdog: { reportAfterMs: 10_000, restartAfterMs: 60_000 },
  });
});

test.each([
  [{ strategy: 'none' }, { kind: 'none' }],
  [
    { strategy: 'fixed-delay', attempts: 50 },
    { kind: 'fixed-delay', attempts: 10, delayMs: 1000 },
  ],
  [
    { strategy: 'failure-rate', maxFailures: 3, interval: '5 minutes' },
    { kind: 'failure-rate', maxFailures: 3, intervalMs: 300_000, delayMs: 1000 },
  ],
])('restart strategy %j reaches the worker', (restart, expected) => {
  expect(workerRecovery({ recovery: Recovery.parse({ restart }), limits }).restart).toEqual(expected);
});
