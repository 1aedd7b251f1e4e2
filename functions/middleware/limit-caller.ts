/** Keeps one caller's flood from the others. Why in the memory of a sandbox: docs/decisions/020. */
import { Problem } from '#contract/problems.ts';
import { optionalSetting } from './environment.ts';

/** Requests a second of one caller that one sandbox answers. */
const DEFAULT_RATE = 50;
/** Seconds' worth of requests that may come at once, as the first view of the console does. */
const BURST_SECONDS = 4;
const CALLERS_MAX = 10_000;

/** A bucket that fills by `rate` a second and holds `capacity`; every request takes one. */
export class TokenBucket {
  readonly #rate: number;
  readonly #capacity: number;
  #level: number;
  #at: number;

  constructor(rate: number, capacity: number, nowMs: number) {
    this.#rate = rate;
    this.#capacity = capacity;
    this.#level = capacity;
    this.#at = nowMs;
  }

  /** Milliseconds until there is one again; 0: it was taken. */
  take(nowMs: number): number {
    const filled = this.#level + (Math.max(0, nowMs - this.#at) * this.#rate) / 1000;
    this.#level = Math.min(this.#capacity, filled);
    this.#at = nowMs;
    if (this.#level < 1) return Math.ceil(((1 - this.#level) * 1000) / this.#rate);
    this.#level -= 1;
    return 0;
  }
}

const buckets = new Map<string, TokenBucket>();

/** Throws `too-many-requests` when the caller asks more often than the platform allows. */
export function limitCaller(actor: string, nowMs: number): void {
  const rate = Number(optionalSetting('requestRate') ?? DEFAULT_RATE);
  if (rate === 0) return;
  let bucket = buckets.get(actor);
  if (bucket === undefined) {
    // Forgetting all gives each a new burst, which harms less than a map without end.
    if (buckets.size >= CALLERS_MAX) buckets.clear();
    bucket = new TokenBucket(rate, rate * BURST_SECONDS, nowMs);
    buckets.set(actor, bucket);
  }
  const waitMs = bucket.take(nowMs);
  if (waitMs === 0) return;
  throw new Problem(
    'too-many-requests',
    `Cannot take the request: ${actor} makes more than ${rate} requests a second`,
    { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) },
  );
}
