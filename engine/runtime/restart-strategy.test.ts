import { describe, expect, it } from 'vitest';
import type { RestartOptions } from './job-options.ts';
import { restartStrategy } from './restart-strategy.ts';

/** When failures come, and what each is answered: a delay, or undefined for none. */
interface Case {
  readonly name: string;
  readonly options: RestartOptions;
  /** Of each failure: its time, the random number in hand, and the answer. */
  readonly failures: readonly (readonly [at: number, random: number, answer: number | undefined])[];
}

/** Cases of Flink's tests of the same names, as data. */
const cases: readonly Case[] = [
  {
    name: 'NoRestart: never restarts',
    options: { kind: 'none' },
    failures: [[0, 0.5, undefined]],
  },
  {
    name: 'FixedDelay testNumberOfRestarts: grants three, and no fourth',
    options: { kind: 'fixed-delay', attempts: 3, delayMs: 0 },
    failures: [
      [0, 0.5, 0],
      [0, 0.5, 0],
      [0, 0.5, 0],
      [0, 0.5, undefined],
    ],
  },
  {
    name: 'FixedDelay testBackoffTime: waits as long as it is told',
    options: { kind: 'fixed-delay', attempts: 1, delayMs: 10_000 },
    failures: [[0, 0.5, 10_000]],
  },
  {
    name: 'FixedDelay defaults: one restart after a second',
    options: { kind: 'fixed-delay' },
    failures: [
      [0, 0.5, 1000],
      [9_000_000, 0.5, undefined],
    ],
  },
  {
    name: 'FailureRate testManyFailuresWithinRate: failures further apart than the interval are all forgiven',
    options: { kind: 'failure-rate', maxFailures: 2, intervalMs: 1, delayMs: 0 },
    failures: [
      [0, 0.5, 0],
      [2, 0.5, 0],
      [4, 0.5, 0],
      [6, 0.5, 0],
    ],
  },
  {
    name: 'FailureRate testFailuresExceedingRate: the third in one interval is one too many',
    options: { kind: 'failure-rate', maxFailures: 3, intervalMs: 10_000, delayMs: 7 },
    failures: [
      [0, 0.5, 7],
      [5000, 0.5, 7],
      [10_000, 0.5, undefined],
    ],
  },
  {
    name: 'FailureRate: the third is granted a millisecond after the interval',
    options: { kind: 'failure-rate', maxFailures: 3, intervalMs: 10_000, delayMs: 7 },
    failures: [
      [0, 0.5, 7],
      [5000, 0.5, 7],
      [10_001, 0.5, 7],
    ],
  },
  {
    name: 'ExponentialDelay testInitialBackoff and testBackoffMultiplier: whole milliseconds, from the first delay on',
    options: {
      kind: 'exponential-delay',
      initialDelayMs: 4,
      maxDelayMs: 300,
      backoffMultiplier: 2.3,
      jitter: 0,
    },
    failures: [
      [0, 0.5, 4],
      [100, 0.5, 9],
      [200, 0.5, 21],
      [300, 0.5, 48],
    ],
  },
  {
    name: 'ExponentialDelay testMaxAttempts: gives up after the last one that is allowed',
    options: { kind: 'exponential-delay', maxRestarts: 1, jitter: 0 },
    failures: [
      [0, 0.5, 1000],
      [2000, 0.5, undefined],
    ],
  },
  {
    name: 'ExponentialDelay testResetBackoff: begins anew when so long has passed since the restart',
    options: {
      kind: 'exponential-delay',
      initialDelayMs: 1,
      maxDelayMs: 5,
      backoffMultiplier: 2,
      resetAfterMs: 8,
      jitter: 0.25,
    },
    failures: [
      [0, 0.5, 1],
      [8, 0.5, 2],
      [18, 0.5, 1],
    ],
  },
  {
    name: 'ExponentialDelay testJitter: spreads to both sides, never below the first delay nor above the last',
    options: {
      kind: 'exponential-delay',
      initialDelayMs: 2,
      maxDelayMs: 7,
      backoffMultiplier: 2,
      resetAfterMs: 100,
      jitter: 0.25,
    },
    failures: [
      [0, 0, 2],
      [10, 0, 3],
      [20, 0, 6],
      [30, 0.99, 7],
    ],
  },
  {
    name: 'ExponentialDelay defaults: half as long again, up to a minute',
    options: { kind: 'exponential-delay' },
    failures: [
      [0, 0.5, 1000],
      [10_000, 0.5, 1500],
      [20_000, 0.999_999, 2475],
      [30_000, 0, 3038],
    ],
  },
];

describe('restartStrategy', () => {
  it.each(cases)('$name', ({ options, failures }) => {
    const strategy = restartStrategy(options);
    expect(failures.map(([at, random]) => strategy.next(at, random))).toEqual(
      failures.map(([, , answer]) => answer),
    );
  });

  it('spreads a delay over every whole millisecond of its range', () => {
    const delays = new Set<number | undefined>();
    for (let draw = 0; draw < 100; draw += 1) {
      const strategy = restartStrategy({
        kind: 'exponential-delay',
        initialDelayMs: 4,
        jitter: 0.5,
        backoffMultiplier: 2,
      });
      strategy.next(0, 0);
      delays.add(strategy.next(10, draw / 100));
    }
    expect([...delays].sort((left = 0, right = 0) => left - right)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it.each(['fixed-delay', 'exponential-delay', 'failure-rate'] as const)(
    'counts anew once the cause is gone: %s',
    (kind) => {
      const limits = { attempts: 1, maxRestarts: 1, maxFailures: 2, jitter: 0, delayMs: 1000 };
      const strategy = restartStrategy({ kind, ...limits });
      expect([strategy.next(0, 0), strategy.next(1, 0)]).toEqual([1000, undefined]);
      strategy.forgive();
      expect(strategy.next(2, 0)).toBe(1000);
    },
  );
});
