import type { Cancel } from '../../host.ts';
import type { ConnectorHost } from '../connector.ts';

/** How entries are sent. */
export interface LatestPerKeyOptions<E> {
  readonly host: ConnectorHost;
  /** How long an entry may wait to be replaced by a newer one. */
  readonly lingerMs: number;
  readonly concurrency: number;
  readonly lowWater: number;
  /** Resolves when the entry is durable; rejects only when no retry will help. */
  readonly send: (entry: E) => Promise<void>;
}

interface Waiter {
  /** Keys on which it still waits. */
  remaining: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

interface Slot<E> {
  entry: E;
  /** Who waits for this key. A newer entry serves them as well, since it replaces what they wrote. */
  readonly waiters: Waiter[];
}

/**
 * Entries by key, of which only the newest is sent, several keys at a time.
 * A key is never sent twice at once: the service could take the two in either order.
 */
export class LatestPerKey<E> {
  readonly #options: LatestPerKeyOptions<E>;
  readonly #waiting = new Map<string, Slot<E>>();
  readonly #inFlight = new Map<string, Slot<E>>();
  #alarm: Cancel | undefined;
  /** Set while all that waits is to be sent without delay. */
  #hurried = false;
  #failure: Error | undefined;
  #wake: () => void = () => {};
  closed = false;

  constructor(options: LatestPerKeyOptions<E>) {
    this.#options = options;
  }

  get pending(): number {
    return this.#waiting.size + this.#inFlight.size;
  }

  set(key: string, entry: E): void {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    const slot = this.#waiting.get(key);
    if (slot === undefined) {
      this.#waiting.set(key, { entry, waiters: [] });
    } else {
      slot.entry = entry;
    }
    this.#alarm ??= this.#options.host.schedule(this.#options.lingerMs, () => this.#sendAll());
  }

  flush(): Promise<void> {
    if (this.#failure !== undefined) {
      return Promise.reject(this.#failure);
    }
    const slots = [...this.#waiting.values(), ...this.#inFlight.values()];
    if (slots.length === 0) {
      return Promise.resolve();
    }
    const durable = new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { remaining: slots.length, resolve, reject };
      for (const slot of slots) {
        slot.waiters.push(waiter);
      }
    });
    this.#sendAll();
    return durable;
  }

  onAvailable(wake: () => void): void {
    this.#wake = wake;
  }

  close(): void {
    this.closed = true;
    this.#alarm?.();
    this.#waiting.clear();
  }

  #sendAll(): void {
    this.#alarm?.();
    this.#alarm = undefined;
    this.#hurried = true;
    this.#fill();
  }

  #fill(): void {
    for (const [key, slot] of this.#waiting) {
      if (this.#inFlight.size >= this.#options.concurrency || this.#failure !== undefined) {
        return;
      }
      if (!this.#inFlight.has(key)) {
        this.#waiting.delete(key);
        this.#inFlight.set(key, slot);
        void this.#send(key, slot);
      }
    }
    this.#hurried = this.#waiting.size > 0;
  }

  async #send(key: string, slot: Slot<E>): Promise<void> {
    try {
      await this.#options.send(slot.entry);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    if (this.closed) {
      return;
    }
    const before = this.pending;
    this.#inFlight.delete(key);
    for (const waiter of slot.waiters) {
      waiter.remaining -= 1;
      if (waiter.remaining === 0) {
        waiter.resolve();
      }
    }
    if (this.#hurried) {
      this.#fill();
    }
    if (before > this.#options.lowWater && this.pending <= this.#options.lowWater) {
      this.#wake();
    }
  }

  #fail(failure: Error): void {
    // The first failure is the cause; those of calls that were under way only follow it.
    this.#failure ??= failure;
    for (const slot of [...this.#waiting.values(), ...this.#inFlight.values()]) {
      for (const waiter of slot.waiters.splice(0)) {
        waiter.reject(this.#failure);
      }
    }
    this.#wake();
  }
}
