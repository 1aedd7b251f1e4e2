import { type LogChunk, type LogRecord, openLogChunk, PUT, recordsOf } from './log-chunk.ts';
import type { LogStore } from './log-store.ts';
import type { Segment } from './segments.ts';
import type { StoredChunk } from './stored-chunk.ts';

/** A segment goes when less than this share of it is live: so the disk holds twice the state at most, or little more. */
const LIVE_SHARE_MIN = 0.5;
/** Snapshots end chunks early. So many small ones are put together, so that a chain stays short. */
const SMALL_CHUNKS_MAX = 64;
const SMALL_SHARE = 0.25;
/** With so many more tombstones than values the oldest chunks go first, where tombstones hide nothing. */
const TOMBSTONES_SPARE = 16_384;

/** What is known of the time to live of records. */
export interface RecordExpiry {
  isOver(bytes: Uint8Array, record: LogRecord): boolean;
  /** A record was removed since its time is over. */
  removed(): void;
}

/**
 * Gives room back: moves what is live of mostly dead segments to the end of the log, a few records at a time.
 *
 * Contract: `step` does nothing while a snapshot is on its way, since its chunks must stay as they are.
 */
export class Compaction {
  readonly #store: LogStore;
  readonly #expiry: RecordExpiry | undefined;
  #victims: StoredChunk[] = [];
  #chunk: { readonly log: LogChunk; readonly records: Iterator<LogRecord> } | undefined;

  /** Without `expiry` records stay until they are replaced or removed. */
  constructor(store: LogStore, expiry?: RecordExpiry) {
    this.#store = store;
    this.#expiry = expiry;
  }

  /** Looks at `limit` records at most; true when there is more to do. */
  step(limit: number): boolean {
    const store = this.#store;
    if (store.inSnapshot) return false;
    if (this.#victims.length === 0) {
      if (!store.changed) return false;
      store.changed = false;
      this.#victims = this.#choose();
    }
    for (let left = limit; left > 0 && this.#victims.length > 0;) {
      left -= this.#move(left);
    }
    return this.#victims.length > 0;
  }

  /** Goes on with the first victim; gives how many records it looked at, 1 at least. */
  #move(limit: number): number {
    const store = this.#store;
    const [victim] = this.#victims;
    if (victim === undefined) return 1;
    if (victim.liveBytes === 0 && victim.tombstones === 0) {
      this.#done(victim);
      return 1;
    }
    const { log, records } = (this.#chunk ??= this.#open(victim));
    const oldest = store.isOldest(victim);
    for (let count = 1; count <= limit; count++) {
      const { done, value } = records.next();
      if (done === true) {
        this.#done(victim);
        return count;
      }
      if (value.operation === PUT) {
        this.#moveValue(victim, log, value);
      } else if (!oldest) {
        store.relocateTombstone(log.bytes, value);
      }
    }
    return limit;
  }

  #moveValue(victim: StoredChunk, { bytes }: LogChunk, record: LogRecord): void {
    if (this.#expiry?.isOver(bytes, record) !== true) {
      this.#store.relocate(victim, bytes, record);
    } else if (this.#store.expire(victim, bytes, record)) {
      this.#expiry.removed();
    }
  }

  #open(victim: StoredChunk): { readonly log: LogChunk; readonly records: Iterator<LogRecord> } {
    const log = openLogChunk(this.#store.bytesOf(victim));
    return { log, records: recordsOf(log) };
  }

  #done(victim: StoredChunk): void {
    this.#chunk = undefined;
    this.#victims.shift();
    this.#store.drop([victim]);
  }

  /** True where the first value of a chunk is past its time: those behind it are hardly younger. */
  #isOutlived(chunk: StoredChunk): boolean {
    if (this.#expiry === undefined) return false;
    const log = openLogChunk(this.#store.bytesOf(chunk));
    const live = recordsOf(log).find(
      (record) => record.operation === PUT && this.#store.isLive(chunk, log.bytes, record),
    );
    return live !== undefined && this.#expiry.isOver(log.bytes, live);
  }

  #choose(): StoredChunk[] {
    const store = this.#store;
    const { written } = store;
    const chosen = new Set(written.filter((chunk) => chunk.liveBytes === 0 && chunk.tombstones === 0));
    const wasted = wastefulSegments(written);
    const small = written.filter((chunk) => sizeOf(chunk) < store.chunkBytes * SMALL_SHARE);
    const tombstones = written.reduce((sum, chunk) => sum + chunk.tombstones, 0);
    for (const chunk of written) {
      if (chunk.extent !== undefined && wasted.has(chunk.extent.segment)) chosen.add(chunk);
    }
    if (small.length > SMALL_CHUNKS_MAX) {
      for (const chunk of small) chosen.add(chunk);
    }
    const [oldest] = written;
    const hidesLittle = tombstones > 2 * store.size + TOMBSTONES_SPARE;
    if (oldest !== undefined && (hidesLittle || this.#isOutlived(oldest))) chosen.add(oldest);
    // The oldest first: tombstones need not outlive what they hide.
    return written.filter((chunk) => chosen.has(chunk));
  }
}

/** Full segments that are mostly dead. */
function wastefulSegments(chunks: readonly StoredChunk[]): ReadonlySet<Segment> {
  const live = new Map<Segment, number>();
  for (const { extent, liveBytes } of chunks) {
    if (extent?.segment.sealed === true) {
      live.set(extent.segment, (live.get(extent.segment) ?? 0) + liveBytes);
    }
  }
  return new Set(
    [...live].flatMap(([segment, bytes]) => (bytes < segment.size * LIVE_SHARE_MIN ? [segment] : [])),
  );
}

function sizeOf({ extent }: StoredChunk): number {
  return extent?.bytes ?? 0;
}
