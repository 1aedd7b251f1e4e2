import type { FrameReader } from '../data/frame-reader.ts';
import type { Clock } from '../host.ts';
import type { StateDeclaration } from './declaration.ts';
import type { StateLayout } from './state-layout.ts';

/** Entries that every write looks at; so a table of n keys is looked through once in n / 2 writes. */
const LOOKED_AT_PER_WRITE = 2;

/** How long the sweep leaves an expired value alone that a reader may still want to see: one day. */
const SHOWN_MS = 86_400_000;

/** How long it leaves entries of maps alone, which count as held until they are removed: one minute. */
const HELD_MS = 60_000;

/**
 * When the values of one cell expire, and what reading them does. Values without a time to live have none of these.
 *
 * Source: Flink's `TtlUtils` and `AbstractTtlDecorator`: a value has expired when last access + ttl <= now.
 */
export class TimeToLive {
  /** Reading a value that has not expired begins its time anew. */
  readonly renewedByRead: boolean;
  /** An expired value is given to the first who reads it, and gone then. */
  readonly showsExpired: boolean;
  readonly #ms: number;
  readonly #clock: Clock;

  constructor(ms: number, declaration: StateDeclaration, clock: Clock) {
    this.#ms = ms;
    this.#clock = clock;
    this.renewedByRead = declaration.ttlUpdate === 'on-read-and-write';
    this.showsExpired = declaration.ttlVisibility === 'until-cleaned-up';
  }

  now(): number {
    return this.#clock.now();
  }

  expired(writtenAt: number): boolean {
    return writtenAt + this.#ms <= this.#clock.now();
  }

  /**
   * True when the sweep may remove a value that nobody has read. Were it to take expired values at once, whether a
   * reader still sees one would depend on the traffic of other keys; so those that may be seen stay a day longer.
   */
  forgotten(writtenAt: number): boolean {
    return this.expired(this.showsExpired ? writtenAt + SHOWN_MS : writtenAt);
  }

  /** The same of an entry of a map, of which is asked whether it is empty. */
  forgottenInMap(writtenAt: number): boolean {
    return this.forgotten(writtenAt + HELD_MS);
  }
}

/** The time to live of a cell; undefined where its values stay. */
export function timeToLive(declaration: StateDeclaration, clock: Clock): TimeToLive | undefined {
  const { ttlMs } = declaration;
  return ttlMs === undefined ? undefined : new TimeToLive(ttlMs, declaration, clock);
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
  next(forgotten: (entry: E) => boolean): void {
    for (let count = 0; count < LOOKED_AT_PER_WRITE; count++) {
      this.#position ??= this.#entries();
      const next = this.#position.next();
      if (next.done === true) {
        this.#position = undefined;
        return;
      }
      if (forgotten(next.value)) {
        this.#remove(next.value);
      }
    }
  }
}
