import type {
  Cancel,
  CheckpointStorage,
  Clock,
  EngineEvent,
  Host,
  Reporter,
  StoredObject,
  WriteCondition,
} from '../host.ts';
import { InMemoryStorage } from './in-memory-storage.ts';

/** How a simulated world behaves. */
export interface SimulationOptions {
  readonly seed: number;
  readonly startAtMs?: number;
  /** State that outlives this host; a crash of the process is a new host over the same storage. */
  readonly storage?: CheckpointStorage;
  /** The longest time that a write or read of storage takes. */
  readonly storageDelayMs?: number;
}

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/**
 * A world made of one seed: the clock stands while there is work and jumps to the next timer when there is
 * none.
 *
 * Contract: two runs with the same seed and the same job do the same in the same order. Nothing in it takes
 * real time, so an hour of a quiet job passes in milliseconds.
 */
export class SimulatedHost implements Host {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string>> = {};
  readonly storage: CheckpointStorage;
  readonly events: EngineEvent[] = [];
  readonly reporter: Reporter = { report: (event) => this.events.push(event) };
  #now: number;
  #random: number;
  #order = 0;
  #timers: Timer[] = [];
  #deferred: (() => void)[] = [];

  constructor({
    seed,
    startAtMs = 1_700_000_000_000,
    storage = new InMemoryStorage(),
    storageDelayMs = 5,
  }: SimulationOptions) {
    this.#now = startAtMs;
    this.#random = seed;
    this.clock = { now: () => this.#now };
    this.storage = new SlowStorage(storage, () => this.#elapse(storageDelayMs));
  }

  /** Mulberry32: small, fast, and good enough to shuffle with. */
  random(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  schedule(delayMs: number, task: () => void): Cancel {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), order: (this.#order += 1), task };
    let place = this.#timers.length;
    while (place > 0 && later(this.#timers[place - 1], timer)) place -= 1;
    this.#timers.splice(place, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  defer(task: () => void): void {
    this.#deferred.push(task);
  }

  /**
   * Runs until `done`, or for `limitMs` of simulated time at most; false when time ran out or nothing could
   * happen any more.
   */
  async runUntil(done: () => boolean, limitMs = 3_600_000): Promise<boolean> {
    const end = this.#now + limitMs;
    for (;;) {
      // While there is work, promises get a few steps between two tasks; before the clock jumps, all that they
      // can do.
      if (this.#deferred.length > 0) await fewSteps();
      else await settled();
      if (done()) return true;
      if (!this.#advance(end)) return false;
    }
  }

  /** Runs for a while. */
  async runFor(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.runUntil(() => this.#now >= end, ms);
  }

  /** Does what is due next; false when that would be after `end`. */
  #advance(end: number): boolean {
    // Work takes time now and then, so that turns end and timers fire in the middle of it.
    if (this.#deferred.length > 0 && this.random() < 0.2) this.#now += 1;
    const timer = this.#timers[0];
    if (timer !== undefined && timer.at <= this.#now) {
      this.#timers.shift();
      timer.task();
      return true;
    }
    const task = this.#deferred.shift();
    if (task !== undefined) {
      task();
      return true;
    }
    const next = Math.min(timer?.at ?? Infinity, end);
    if (timer === undefined || this.#now >= end) {
      this.#now = Math.max(this.#now, Math.min(next, end));
      return false;
    }
    this.#now = next;
    return true;
  }

  #elapse(maxMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(Math.floor(this.random() * (maxMs + 1)), resolve);
    });
  }
}

/** Storage whose answers take their time. */
class SlowStorage implements CheckpointStorage {
  readonly #storage: CheckpointStorage;
  readonly #elapse: () => Promise<void>;

  constructor(storage: CheckpointStorage, elapse: () => Promise<void>) {
    this.#storage = storage;
    this.#elapse = elapse;
  }

  async put(key: string, bytes: Uint8Array, condition?: WriteCondition): Promise<{ readonly etag: string }> {
    await this.#elapse();
    return this.#storage.put(key, bytes, condition);
  }

  async get(key: string): Promise<StoredObject | undefined> {
    await this.#elapse();
    return this.#storage.get(key);
  }

  list(prefix: string): AsyncIterable<string> {
    return this.#storage.list(prefix);
  }

  async delete(keys: readonly string[]): Promise<void> {
    await this.#elapse();
    await this.#storage.delete(keys);
  }
}

async function fewSteps(): Promise<void> {
  await Promise.resolve();
  await Promise.resolve();
}

/** All promises that can go on have gone on: microtasks run before the next turn of the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function later(left: Timer | undefined, right: Timer): boolean {
  return left !== undefined && (left.at > right.at || (left.at === right.at && left.order > right.order));
}
