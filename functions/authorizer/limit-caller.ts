/** Keeps one caller's flood from the others. Why here, and in the memory of a sandbox: docs/decisions/020. */
import { createHash } from 'node:crypto';
import { optionalSetting } from '../middleware/environment.ts';

/** Requests a second with one token that one sandbox lets through. */
const DEFAULT_RATE = 20;
/** Seconds' worth of requests that may come at once, as the first view of the console does. */
const BURST_SECONDS = 5;
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

/** Milliseconds that whoever sends this credential must wait; 0: the request is let through. Nothing is read for it. */
export function limitCaller(credential: string, nowMs: number): number {
  const rate = Number(optionalSetting('requestRate') ?? DEFAULT_RATE);
  if (rate === 0) return 0;
  // The memory of a sandbox is no place for secrets.
  const key = createHash('sha256').update(credential).digest('base64url');
  let bucket = buckets.get(key);
  if (bucket === undefined) {
    // Forgetting all gives each a new burst, which harms less than a map without end.
    if (buckets.size >= CALLERS_MAX) buckets.clear();
    bucket = new TokenBucket(rate, rate * BURST_SECONDS, nowMs);
    buckets.set(key, bucket);
  }
  return bucket.take(nowMs);
}
