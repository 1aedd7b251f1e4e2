import { t } from '#engine/data/built-in-types.ts';

/** What flows through the pipelines. */
export interface Reading {
  readonly key: string;
  readonly n: number;
  readonly at: number;
}

export const ReadingType = t.row({ key: t.string, n: t.int, at: t.instant });

/** Readings of several splits, each known by its place alone. */
export interface Feed {
  readonly seed: number;
  readonly splits: number;
  /** Readings per split. */
  readonly count: number;
  readonly keys: number;
}

/** How far readings of a split are out of order at most. */
export const DISORDER_MS = 3000;

/** A multiple of all window sizes, so that the first window of a feed is a whole one. */
export const FEED_STARTS_AT = 1_700_000_040_000;
const STEP_MS = 250;

/**
 * The reading at a place of a feed. Times are multiples of ten: sessions with gaps that are none never meet at their
 * ends, where it would depend on the watermark whether two are one.
 */
export function readingOf({ seed, keys }: Feed, index: number, split: number): Reading {
  const noise = mixed(seed, index, split);
  return {
    key: `k${noise % keys}`,
    n: (noise >>> 8) % 10,
    at: FEED_STARTS_AT + index * STEP_MS - ((noise >>> 12) % (DISORDER_MS / 10)) * 10,
  };
}

/** Everything that a feed brings. */
export function readingsOf(feed: Feed): Reading[] {
  const readings: Reading[] = [];
  for (let split = 0; split < feed.splits; split += 1) {
    for (let index = 0; index < feed.count; index += 1) readings.push(readingOf(feed, index, split));
  }
  return readings;
}

function mixed(seed: number, index: number, split: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16) ^ split, 0x27d4eb2f);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
