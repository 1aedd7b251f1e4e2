import type { FrameReader } from '../data/frame-reader.ts';
import type { Clock } from '../host.ts';
import type { StateLayout } from './state-layout.ts';

/** Entries that every write looks at; so a table of n keys is looked through once in n / 2 writes. */
const LOOKED_AT_PER_WRITE = 2;

/** True when a value written then may be seen no more. Source: Flink's `TtlUtils`: last access + ttl <= now. */
export function isExpired(writtenAt: number, ttlMs: number, clock: Clock): boolean {
  return writtenAt + ttlMs <= clock.now();
}

/** The time of an entry's last write; entries written without one count as written now. */
export function readWrittenAt(from: FrameReader, written: StateLayout, clock: Clock): number {
  return written.timed === true ? from.f64() : clock.now();
}

/**
 * Removes expired entries that nobody reads, a few with every write, so that keys which never come again do not stay
 * for ever. Source: the incremental cleanup of Flink's heap backend.
 */
export class ExpirySweep<E> {
  readonly #entries: () => Iterator<E>;
  readonly #remove: (entry: E) => void;
  #position: Iterator<E> | undefined;

  constructor(entries: () => Iterator<E>, remove: (entry: E) => void) {
    this.#entries = entries;
    this.#remove = remove;
  }

  /** Goes on where the last call stopped. */
  next(expired: (entry: E) => boolean): void {
    for (let count = 0; count < LOOKED_AT_PER_WRITE; count++) {
      this.#position ??= this.#entries();
      const next = this.#position.next();
      if (next.done === true) {
        this.#position = undefined;
        return;
      }
      if (expired(next.value)) {
        this.#remove(next.value);
      }
    }
  }
}
