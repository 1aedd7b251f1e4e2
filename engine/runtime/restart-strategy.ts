import type { RestartOptions } from './job-options.ts';

/**
 * Whether a failed job is started again, and how long it waits before.
 *
 * Contract: asked once per failure. Since all of a job restarts together, a failure is never told twice, and Flink's
 * merging of failures that come while a restart waits has no counterpart here.
 */
export interface RestartStrategy {
  /** The delay in ms before the restart, or undefined when there is to be none; `random` is in [0, 1). */
  next(now: number, random: number): number | undefined;
  /** The cause of the last failures is gone for good: they count no more. */
  forgive(): void;
}

/** Makes the strategy that a job was given. Source: Flink's restart strategies, with its defaults. */
export function restartStrategy(options: RestartOptions): RestartStrategy {
  switch (options.kind) {
    case 'none':
      return { next: () => undefined, forgive: () => undefined };
    case 'fixed-delay':
      return new FixedDelay(options);
    case 'exponential-delay':
      return new ExponentialDelay(options);
    case 'failure-rate':
      return new FailureRate(options);
  }
}

type OptionsOf<K extends RestartOptions['kind']> = Extract<RestartOptions, { readonly kind: K }>;

/** So many restarts in all, each after the same delay. */
class FixedDelay implements RestartStrategy {
  readonly #attempts: number;
  readonly #delayMs: number;
  #failures = 0;

  constructor({ attempts = 1, delayMs = 1000 }: OptionsOf<'fixed-delay'>) {
    this.#attempts = attempts;
    this.#delayMs = delayMs;
  }

  next(): number | undefined {
    this.#failures += 1;
    return this.#failures <= this.#attempts ? this.#delayMs : undefined;
  }

  forgive(): void {
    this.#failures = 0;
  }
}

const EXPONENTIAL = {
  initialDelayMs: 1000,
  maxDelayMs: 60_000,
  backoffMultiplier: 1.5,
  jitter: 0.1,
  resetAfterMs: 3_600_000,
  maxRestarts: Infinity,
};

/** Longer with every failure, up to a limit; after a long time without one it begins anew. */
class ExponentialDelay implements RestartStrategy {
  readonly #options: typeof EXPONENTIAL;
  #restarts = 0;
  #restartedAt: number | undefined;

  constructor(options: OptionsOf<'exponential-delay'>) {
    this.#options = { ...EXPONENTIAL, ...options };
  }

  next(now: number, random: number): number | undefined {
    const { resetAfterMs, maxRestarts } = this.#options;
    // Flink counts from the moment of the last restart and not of the failure before it.
    if (this.#restartedAt !== undefined && now - this.#restartedAt >= resetAfterMs) this.#restarts = 0;
    if (this.#restarts >= maxRestarts) return undefined;
    const delayMs = this.#delay(random);
    this.#restartedAt = now + delayMs;
    this.#restarts += 1;
    return delayMs;
  }

  forgive(): void {
    this.#restarts = 0;
  }

  #delay(random: number): number {
    const { initialDelayMs, maxDelayMs, backoffMultiplier, jitter } = this.#options;
    const current = Math.floor(initialDelayMs * backoffMultiplier ** this.#restarts);
    // A whole number in [-spread, spread], each as likely as the others.
    const spread = Math.floor(current * jitter);
    const offset = Math.floor(random * (2 * spread + 1)) - spread;
    return Math.max(initialDelayMs, Math.min(current + offset, maxDelayMs));
  }
}

/** As long as fewer than so many failures fall into an interval. */
class FailureRate implements RestartStrategy {
  readonly #maxFailures: number;
  readonly #intervalMs: number;
  readonly #delayMs: number;
  #failures: number[] = [];

  constructor({ maxFailures = 1, intervalMs = 60_000, delayMs = 1000 }: OptionsOf<'failure-rate'>) {
    this.#maxFailures = maxFailures;
    this.#intervalMs = intervalMs;
    this.#delayMs = delayMs;
  }

  /** The last failures are kept, this one among them, and the oldest of them decides. */
  next(now: number): number | undefined {
    this.#failures = [...this.#failures, now].slice(-this.#maxFailures);
    const [earliest = now] = this.#failures;
    const full = this.#failures.length >= this.#maxFailures;
    return full && now - earliest <= this.#intervalMs ? undefined : this.#delayMs;
  }

  forgive(): void {
    this.#failures = [];
  }
}
