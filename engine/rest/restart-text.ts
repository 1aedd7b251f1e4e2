import type { RestartOptions } from '../runtime/job-options.ts';

/** A restart strategy in the words in which Flink shows it. */
export function restartText(restart: RestartOptions): string {
  switch (restart.kind) {
    case 'none':
      return 'Restart deactivated.';
    case 'fixed-delay':
      return `Restart with fixed delay (${restart.delayMs ?? 1000} ms). #${restart.attempts ?? 1} restart attempts.`;
    case 'failure-rate':
      return `Failure rate restart with maximum of ${restart.maxFailures ?? 1} failures within interval ${restart.intervalMs ?? 60_000} ms and fixed delay ${restart.delayMs ?? 1000} ms.`;
    case 'exponential-delay': {
      const { initialDelayMs = 1000, maxDelayMs = 60_000, backoffMultiplier = 1.5 } = restart;
      const { jitter = 0.1, resetAfterMs = 3_600_000 } = restart;
      return `Restart with exponential delay: starting at ${initialDelayMs} ms, increasing by ${backoffMultiplier}, with maximum ${maxDelayMs} ms. Delay is reset after ${resetAfterMs} ms with jitter ${jitter}.`;
    }
  }
}
