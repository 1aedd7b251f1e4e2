import type { Cancel } from '../host.ts';
import type { ConnectorHost } from './connector.ts';

/** How a queue sends. */
export interface FlushQueueOptions<E> {
  readonly host: ConnectorHost;
  /** How long entries may wait for company. */
  readonly lingerMs: number;
  /** So many entries do not wait. */
  readonly fullAt: number;
  /** The writer's owner is woken when no more than these are pending. */
  readonly lowWater: number;
  /** How many of the waiting entries go into the next call; at least one. */
  readonly take: (waiting: readonly E[]) => number;
  /** Resolves when the entries are durable; rejects only when no retry will help. */
  readonly send: (entries: readonly E[]) => Promise<void>;
}

interface Waiter {
  /** Number of the last entry that must be durable. */
  readonly until: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Entries on their way to a service, in order, one call at a time. */
export class FlushQueue<E> {
  readonly #options: FlushQueueOptions<E>;
  readonly #waiters: Waiter[] = [];
  #waiting: E[] = [];
  #added = 0;
  #durable = 0;
  #sending = false;
  #alarm: Cancel | undefined;
  #failure: Error | undefined;
  #wake: () => void = () => {};
  closed = false;

  constructor(options: FlushQueueOptions<E>) {
    this.#options = options;
  }

  get pending(): number {
    return this.#added - this.#durable;
  }

  add(entry: E): void {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    this.#waiting.push(entry);
    this.#added += 1;
    if (this.#waiting.length >= this.#options.fullAt) {
      this.#start();
    } else {
      this.#alarm ??= this.#options.host.schedule(this.#options.lingerMs, () => this.#start());
    }
  }

  flush(): Promise<void> {
    if (this.#failure !== undefined) {
      return Promise.reject(this.#failure);
    }
    if (this.pending === 0) {
      return Promise.resolve();
    }
    const durable = new Promise<void>((resolve, reject) => {
      this.#waiters.push({ until: this.#added, resolve, reject });
    });
    this.#start();
    return durable;
  }

  onAvailable(wake: () => void): void {
    this.#wake = wake;
  }

  close(): void {
    this.closed = true;
    this.#alarm?.();
  }

  #start(): void {
    this.#alarm?.();
    this.#alarm = undefined;
    if (!this.#sending && !this.closed) {
      this.#sending = true;
      void this.#sendAll();
    }
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0 && !this.closed) {
        await this.#sendNext();
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#sending = false;
    }
  }

  async #sendNext(): Promise<void> {
    const entries = this.#waiting.splice(0, this.#options.take(this.#waiting));
    const before = this.pending;
    await this.#options.send(entries);
    if (this.closed) {
      return;
    }
    this.#durable += entries.length;
    while (this.#waiters[0] !== undefined && this.#waiters[0].until <= this.#durable) {
      this.#waiters.shift()?.resolve();
    }
    if (before > this.#options.lowWater && this.pending <= this.#options.lowWater) {
      this.#wake();
    }
  }

  #fail(failure: Error): void {
    this.#failure = failure;
    for (const waiter of this.#waiters.splice(0)) {
      waiter.reject(failure);
    }
    this.#wake();
  }
}
