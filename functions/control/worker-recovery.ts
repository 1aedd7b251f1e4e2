import { durationMs } from '#contract/duration.ts';
import type { DeploymentSpec } from '#contract/resources/deployment.ts';
import type { RestartStrategy } from '#contract/resources/recovery.ts';

/** What a spec says about faults, in the worker's own form: milliseconds, and the limit of restarts in its place. */
export function workerRecovery({ recovery, limits }: Pick<DeploymentSpec, 'recovery' | 'limits'>) {
  const { restart, poisonRecords, watchdog } = recovery;
  return {
    restart: restartOf(restart, limits.maxRestarts),
    poison: poisonRecords,
    watchdog: {
      reportAfterMs: durationMs(watchdog.reportAfter),
      restartAfterMs: durationMs(watchdog.restartAfter),
    },
  };
}

function restartOf(restart: RestartStrategy, maxRestarts: number) {
  switch (restart.strategy) {
    case 'none':
      return { kind: 'none' };
    case 'fixed-delay': {
      const { attempts, delay } = restart;
      return { kind: 'fixed-delay', attempts: Math.min(attempts, maxRestarts), delayMs: durationMs(delay) };
    }
    case 'exponential-delay': {
      const { initialDelay, maxDelay, backoffMultiplier, jitter, resetAfter } = restart;
      return {
        kind: 'exponential-delay',
        initialDelayMs: durationMs(initialDelay),
        maxDelayMs: durationMs(maxDelay),
        backoffMultiplier,
        jitter,
        resetAfterMs: durationMs(resetAfter),
        maxRestarts,
      };
    }
    case 'failure-rate': {
      const { maxFailures, interval, delay } = restart;
      return {
        kind: 'failure-rate',
        maxFailures,
        intervalMs: durationMs(interval),
        delayMs: durationMs(delay),
      };
    }
  }
}
