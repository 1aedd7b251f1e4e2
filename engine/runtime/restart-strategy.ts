import type { RestartStrategyOptions } from './job-options.ts';

const DEFAULTS = {
  initialDelayMs: 1000,
  maxDelayMs: 60_000,
  backoffMultiplier: 1.5,
  jitter: 0.1,
  resetAfterMs: 3_600_000,
};

/**
 * How long a failed job waits before it is started again: longer with every failure, up to a limit.
 *
 * Source: Flink's exponential-delay strategy and its defaults, which is what it uses unless told otherwise.
 */
export class RestartStrategy {
  readonly #options: typeof DEFAULTS;
  readonly #maxRestarts: number;
  #delayMs: number;
  #lastFailureAt: number | undefined;
  #restarts = 0;

  constructor(options: RestartStrategyOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#maxRestarts = options.maxRestarts ?? Infinity;
    this.#delayMs = this.#options.initialDelayMs;
  }

  /** Restarts that were granted since the last long time without a failure. */
  get restarts(): number {
    return this.#restarts;
  }

  /** The delay before the restart, or undefined when there is to be none; `random` is in [0, 1). */
  next(now: number, random: number): number | undefined {
    const { initialDelayMs, maxDelayMs, backoffMultiplier, jitter, resetAfterMs } = this.#options;
    if (this.#lastFailureAt !== undefined && now - this.#lastFailureAt >= resetAfterMs) {
      this.#delayMs = initialDelayMs;
      this.#restarts = 0;
    }
    this.#lastFailureAt = now;
    if (this.#restarts >= this.#maxRestarts) return undefined;
    this.#restarts += 1;
    const delay = this.#delayMs * (1 + jitter * (2 * random - 1));
    this.#delayMs = Math.min(maxDelayMs, this.#delayMs * backoffMultiplier);
    return Math.round(delay);
  }
}
