/** Everything about executions that must survive: definitions, cursors, tokens and histories, in SQLite. */
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../open-database.ts';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { JsonObject } from '../../input.ts';

/** A state machine; times are milliseconds since the epoch. */
export interface MachineRow {
  readonly arn: string;
  readonly name: string;
  readonly definition: string;
  readonly created_at: number;
}

/** How an execution ended, or that it has not. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An execution; it keeps the definition that it was started with. */
export interface ExecutionRow {
  readonly arn: string;
  readonly machine: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly definition: string;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly started_at: number;
  readonly stopped_at: number | null;
}

/** How an execution ends. */
export interface ExecutionEnd {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** One entry of a history. */
export interface EventRow {
  readonly id: number;
  readonly previous: number;
  readonly at: number;
  readonly type: string;
  readonly details: string;
}

/** A task token and, once it came, its outcome as JSON. */
export interface TokenRow {
  readonly token: string;
  readonly execution: string;
  readonly outcome: string | null;
  readonly heartbeat_at: number;
}

const schema = `PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
  CREATE TABLE IF NOT EXISTS machine(arn TEXT PRIMARY KEY, name TEXT NOT NULL, definition TEXT NOT NULL,
    created_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS execution(arn TEXT PRIMARY KEY, machine TEXT NOT NULL, name TEXT NOT NULL,
    status TEXT NOT NULL, definition TEXT NOT NULL, input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
    started_at INTEGER NOT NULL, stopped_at INTEGER);
  CREATE INDEX IF NOT EXISTS execution_machine ON execution(machine, started_at);
  CREATE INDEX IF NOT EXISTS execution_running ON execution(status) WHERE status='RUNNING';
  CREATE TABLE IF NOT EXISTS cursor(execution TEXT NOT NULL, path TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY(execution, path)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS token(token TEXT PRIMARY KEY, execution TEXT NOT NULL, outcome TEXT,
    heartbeat_at INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS token_execution ON token(execution);
  CREATE TABLE IF NOT EXISTS event(execution TEXT NOT NULL, id INTEGER NOT NULL, previous INTEGER NOT NULL,
    at INTEGER NOT NULL, type TEXT NOT NULL, details TEXT NOT NULL, PRIMARY KEY(execution, id)) WITHOUT ROWID`;

/** The journal of one local Step Functions. */
export class Journal {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #closed = false;

  constructor(file: string) {
    this.#database = openDatabase(file, schema);
  }

  /** Several writes that count as one. */
  atomically<T>(work: () => T): T {
    this.#database.exec('BEGIN');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  putMachine(machine: MachineRow): void {
    const { arn, name, definition, created_at } = machine;
    this.#run(
      `INSERT INTO machine VALUES(?,?,?,?) ON CONFLICT(arn) DO UPDATE SET definition=excluded.definition`,
      [arn, name, definition, created_at],
    );
  }

  deleteMachine(arn: string): void {
    this.#run('DELETE FROM machine WHERE arn=?', [arn]);
  }

  machine(arn: string): MachineRow | undefined {
    return this.#all<MachineRow>('SELECT * FROM machine WHERE arn=?', [arn])[0];
  }

  machines(): MachineRow[] {
    return this.#all('SELECT * FROM machine ORDER BY name');
  }

  putExecution(row: ExecutionRow): void {
    const { arn, machine, name, status, definition, input, started_at } = row;
    this.#run(
      `INSERT INTO execution(arn, machine, name, status, definition, input, started_at) VALUES(?,?,?,?,?,?,?)`,
      [arn, machine, name, status, definition, input, started_at],
    );
  }

  execution(arn: string): ExecutionRow | undefined {
    return this.#all<ExecutionRow>('SELECT * FROM execution WHERE arn=?', [arn])[0];
  }

  /** Newest first. */
  executions(machine: string, page: { status?: string; offset: number; limit: number }): ExecutionRow[] {
    return this.#all(
      `SELECT * FROM execution WHERE machine=? AND (? IS NULL OR status=?)
       ORDER BY started_at DESC, arn LIMIT ? OFFSET ?`,
      [machine, page.status ?? null, page.status ?? null, page.limit, page.offset],
    );
  }

  running(): ExecutionRow[] {
    return this.#all(`SELECT * FROM execution WHERE status='RUNNING' ORDER BY started_at`);
  }

  /** Ends an execution; false when it has ended before. */
  endExecution(arn: string, end: ExecutionEnd, at: number): boolean {
    const changed = this.#run(
      `UPDATE execution SET status=?, output=?, error=?, cause=?, stopped_at=? WHERE arn=? AND status='RUNNING'`,
      [end.status, end.output ?? null, end.error ?? null, end.cause ?? null, at, arn],
    );
    if (changed === 0) return false;
    this.#run('DELETE FROM cursor WHERE execution=?', [arn]);
    this.#run('DELETE FROM token WHERE execution=?', [arn]);
    return true;
  }

  cursor(execution: string, path: string): unknown {
    const row = this.#all<{ body: string }>('SELECT body FROM cursor WHERE execution=? AND path=?', [
      execution,
      path,
    ])[0];
    return row === undefined ? undefined : JSON.parse(row.body);
  }

  putCursor(execution: string, path: string, body: unknown): void {
    this.#run('INSERT OR REPLACE INTO cursor VALUES(?,?,?)', [execution, path, JSON.stringify(body)]);
  }

  /** Forgets the cursors of all branches and iterations below a state. */
  clearCursors(execution: string, prefix: string): void {
    // '0' is the letter after '/', so this is exactly the range of paths that begin with the prefix and a slash.
    this.#run('DELETE FROM cursor WHERE execution=? AND path>=? AND path<?', [
      execution,
      `${prefix}/`,
      `${prefix}0`,
    ]);
  }

  putToken(token: string, execution: string, at: number): void {
    this.#run('INSERT OR IGNORE INTO token VALUES(?,?,NULL,?)', [token, execution, at]);
  }

  token(token: string): TokenRow | undefined {
    return this.#all<TokenRow>('SELECT * FROM token WHERE token=?', [token])[0];
  }

  /** Stores the outcome of a token; false when it has one. */
  settleToken(token: string, outcome: string): boolean {
    return this.#run('UPDATE token SET outcome=? WHERE token=? AND outcome IS NULL', [outcome, token]) > 0;
  }

  beatToken(token: string, at: number): void {
    this.#run('UPDATE token SET heartbeat_at=? WHERE token=?', [at, token]);
  }

  /** Appends to a history and returns the entry's id. */
  append(
    execution: string,
    entry: { previous: number; at: number; type: string; details: JsonObject },
  ): number {
    const rows = this.#all<{ last: number | null }>('SELECT max(id) AS last FROM event WHERE execution=?', [
      execution,
    ]);
    const id = (rows[0]?.last ?? 0) + 1;
    const { previous, at, type, details } = entry;
    this.#run('INSERT INTO event VALUES(?,?,?,?,?,?)', [
      execution,
      id,
      previous,
      at,
      type,
      JSON.stringify(details),
    ]);
    return id;
  }

  events(execution: string, page: { reverse: boolean; offset: number; limit: number }): EventRow[] {
    const order = page.reverse ? 'DESC' : 'ASC';
    return this.#all(`SELECT * FROM event WHERE execution=? ORDER BY id ${order} LIMIT ? OFFSET ?`, [
      execution,
      page.limit,
      page.offset,
    ]);
  }

  close(): void {
    this.#closed = true;
    this.#statements.clear();
    this.#database.close();
  }

  #run(sql: string, values: readonly SQLInputValue[]): number {
    // Work that was under way at the end reports into the void; the next process repeats it.
    if (this.#closed) return 0;
    return Number(this.#statement(sql).run(...values).changes);
  }

  #all<Row>(sql: string, values: readonly SQLInputValue[] = []): Row[] {
    if (this.#closed) return [];
    // The schema above gives each table the columns of its row type.
    return this.#statement(sql).all(...values) as Row[];
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
