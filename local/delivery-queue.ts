/** Deliveries that must happen though the process may die: kept in SQLite until they succeed or are given up. */
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './services/open-database.ts';

/** Options of `DeliveryQueue`. */
export interface DeliveryQueueOptions {
  readonly file: string;
  /** How often one delivery is tried in all. */
  readonly attempts: number;
  /** Wait before the second attempt; doubles with each further one. */
  readonly firstDelayMs: number;
  /** One attempt; a rejection makes another follow. */
  deliver(target: string, payload: string): Promise<void>;
  /** Told of a delivery that failed for the last time. */
  onGivenUp(target: string, cause: unknown): void;
}

interface Row {
  readonly id: number;
  readonly target: string;
  readonly payload: string;
  readonly attempt: number;
  readonly due_at: number;
}

/** At-least-once deliveries to targets known by ARN, in order of arrival but side by side. */
export class DeliveryQueue {
  readonly #options: DeliveryQueueOptions;
  readonly #database: DatabaseSync;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #started = false;
  #closed = false;

  constructor(options: DeliveryQueueOptions) {
    this.#options = options;
    this.#database = openDatabase(
      options.file,
      `PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
      CREATE TABLE IF NOT EXISTS delivery(id INTEGER PRIMARY KEY, target TEXT NOT NULL, payload TEXT NOT NULL,
        attempt INTEGER NOT NULL, due_at INTEGER NOT NULL)`,
    );
  }

  /** Begins to deliver; what an earlier process left behind comes first. */
  start(): void {
    this.#started = true;
    // Rows of this table have this shape, it is created above.
    const rows = this.#database.prepare('SELECT * FROM delivery ORDER BY id').all() as unknown as Row[];
    for (const row of rows) this.#schedule(row);
  }

  add(target: string, payload: string): void {
    if (this.#closed) return;
    const row = { target, payload, attempt: 1, due_at: Date.now() };
    const { lastInsertRowid } = this.#database
      .prepare('INSERT INTO delivery(target, payload, attempt, due_at) VALUES(?,?,?,?)')
      .run(target, payload, row.attempt, row.due_at);
    if (this.#started) this.#schedule({ id: Number(lastInsertRowid), ...row });
  }

  /** Stops; what is not delivered stays for the next process. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    // A target that hangs must not hold up the end; its delivery is repeated at the next start.
    const grace = new Promise((resolve) => setTimeout(resolve, 2_000).unref());
    await Promise.race([Promise.allSettled(this.#running), grace]);
    this.#database.close();
  }

  #schedule(row: Row): void {
    if (this.#closed) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(row.id);
        const attempt = this.#attempt(row).finally(() => this.#running.delete(attempt));
        this.#running.add(attempt);
      },
      Math.max(0, row.due_at - Date.now()),
    );
    this.#timers.set(row.id, timer);
  }

  async #attempt(row: Row): Promise<void> {
    try {
      await this.#options.deliver(row.target, row.payload);
      this.#remove(row);
    } catch (cause) {
      if (this.#closed) return;
      if (row.attempt >= this.#options.attempts) {
        this.#remove(row);
        this.#options.onGivenUp(row.target, cause);
        return;
      }
      const due_at = Date.now() + this.#options.firstDelayMs * 2 ** (row.attempt - 1);
      const next = { ...row, attempt: row.attempt + 1, due_at };
      this.#database
        .prepare('UPDATE delivery SET attempt=?, due_at=? WHERE id=?')
        .run(next.attempt, due_at, row.id);
      this.#schedule(next);
    }
  }

  #remove(row: Row): void {
    if (!this.#closed) this.#database.prepare('DELETE FROM delivery WHERE id=?').run(row.id);
  }
}
