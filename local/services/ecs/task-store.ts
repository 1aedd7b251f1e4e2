/** Task records in SQLite, so that a restart knows what ran before. */
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../open-database.ts';
import type { TaskRecord } from './task-record.ts';

// ECS shows stopped tasks for about an hour; a developer looks longer.
const stoppedKeptMs = 24 * 3_600_000;

/** All tasks that are known, by ARN. */
export class TaskStore {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = openDatabase(
      file,
      `PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
      CREATE TABLE IF NOT EXISTS task(arn TEXT PRIMARY KEY, stopped INTEGER NOT NULL, created_at INTEGER NOT NULL,
        record TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS token(token TEXT PRIMARY KEY, arns TEXT NOT NULL, created_at INTEGER NOT NULL)`,
    );
    const horizon = Date.now() - stoppedKeptMs;
    this.#database.prepare('DELETE FROM task WHERE stopped=1 AND created_at<?').run(horizon);
    this.#database.prepare('DELETE FROM token WHERE created_at<?').run(horizon);
  }

  get(arn: string): TaskRecord | undefined {
    return this.#parse(this.#database.prepare('SELECT record FROM task WHERE arn=?').get(arn));
  }

  put(task: TaskRecord): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO task(arn, stopped, created_at, record) VALUES(?,?,?,?)')
      .run(task.arn, task.status === 'STOPPED' ? 1 : 0, task.createdAt, JSON.stringify(task));
  }

  /** Stores new tasks and the token of their request in one step, so that a repeated request finds them. */
  putNew(tasks: readonly TaskRecord[], token: string | undefined): void {
    this.#database.exec('BEGIN');
    for (const task of tasks) this.put(task);
    if (token !== undefined) {
      const arns = JSON.stringify(tasks.map((task) => task.arn));
      this.#database.prepare('INSERT INTO token VALUES(?,?,?)').run(token, arns, Date.now());
    }
    this.#database.exec('COMMIT');
  }

  ofToken(token: string): TaskRecord[] | undefined {
    const row = this.#database.prepare('SELECT arns FROM token WHERE token=?').get(token);
    if (row === undefined) return undefined;
    // Only `putNew` writes this column.
    const arns = JSON.parse(String(row['arns'])) as string[];
    return arns.map((arn) => this.get(arn)).filter((task) => task !== undefined);
  }

  /** Newest first. */
  all(): TaskRecord[] {
    const rows = this.#database.prepare('SELECT record FROM task ORDER BY created_at DESC, arn').all();
    return rows.map((row) => this.#parse(row)).filter((task) => task !== undefined);
  }

  notStopped(): TaskRecord[] {
    const rows = this.#database.prepare('SELECT record FROM task WHERE stopped=0').all();
    return rows.map((row) => this.#parse(row)).filter((task) => task !== undefined);
  }

  close(): void {
    this.#database.close();
  }

  #parse(row: Record<string, unknown> | undefined): TaskRecord | undefined {
    // Only `put` writes this column.
    return row === undefined ? undefined : (JSON.parse(String(row['record'])) as TaskRecord);
  }
}
