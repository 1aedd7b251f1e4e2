/** What the buckets hold: names, sizes and headers of objects and uploads, in SQLite. The bytes lie in `blobs.ts`. */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { CorruptDataError } from '../corrupt-data-error.ts';

const schema = `
CREATE TABLE IF NOT EXISTS bucket (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE IF NOT EXISTS object (
  bucket TEXT NOT NULL, key TEXT NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
  modified_at INTEGER NOT NULL, headers TEXT NOT NULL, checksums TEXT NOT NULL,
  PRIMARY KEY (bucket, key)
) WITHOUT ROWID, STRICT;
CREATE INDEX IF NOT EXISTS object_blob ON object (blob);
CREATE TABLE IF NOT EXISTS upload (
  id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, headers TEXT NOT NULL, created_at INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE TABLE IF NOT EXISTS part (
  upload TEXT NOT NULL, number INTEGER NOT NULL, blob TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
  modified_at INTEGER NOT NULL, PRIMARY KEY (upload, number)
) WITHOUT ROWID, STRICT;
CREATE INDEX IF NOT EXISTS part_blob ON part (blob);
`;

export type Headers = Readonly<Record<string, string>>;

export interface BucketRow {
  readonly name: string;
  readonly createdAt: number;
}
export interface ObjectRow {
  readonly bucket: string;
  readonly key: string;
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: number;
  readonly headers: Headers;
  readonly checksums: Headers;
}
export interface UploadRow {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: Headers;
  readonly createdAt: number;
}
export interface PartRow {
  readonly upload: string;
  readonly number: number;
  readonly blob: string;
  readonly size: number;
  readonly etag: string;
  readonly modifiedAt: number;
}

type Row = Record<string, unknown>;

/** The tables. Every method is one synchronous step, so a check and the write after it cannot be torn apart. */
export class Catalog {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(directory: string) {
    const file = path.join(directory, 's3.db');
    this.#database = openDatabase(file);
  }

  bucket(name: string): BucketRow | undefined {
    const row = this.#get('SELECT * FROM bucket WHERE name = ?', name);
    return row === undefined ? undefined : bucketRow(row);
  }

  buckets(): BucketRow[] {
    return this.#all('SELECT * FROM bucket ORDER BY name').map(bucketRow);
  }

  insertBucket(name: string, createdAt: number): void {
    this.#run('INSERT INTO bucket VALUES (?, ?)', name, createdAt);
  }

  deleteBucket(name: string): void {
    this.#run('DELETE FROM bucket WHERE name = ?', name);
  }

  object(bucket: string, key: string): ObjectRow | undefined {
    const row = this.#get('SELECT * FROM object WHERE bucket = ? AND key = ?', bucket, key);
    return row === undefined ? undefined : objectRow(row);
  }

  /** Objects whose key is above `after` and at least `from`, in the order of UTF-8 bytes, which is that of S3. */
  objectsFrom(bucket: string, after: string, from: string, limit: number): ObjectRow[] {
    const sql = 'SELECT * FROM object WHERE bucket = ? AND key > ? AND key >= ? ORDER BY key LIMIT ?';
    return this.#all(sql, bucket, after, from, limit).map(objectRow);
  }

  putObject(object: ObjectRow): void {
    const { bucket, key, blob, size, etag, modifiedAt, headers, checksums } = object;
    this.#run(
      'INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      bucket,
      key,
      blob,
      size,
      etag,
      modifiedAt,
      JSON.stringify(headers),
      JSON.stringify(checksums),
    );
  }

  deleteObject(bucket: string, key: string): void {
    this.#run('DELETE FROM object WHERE bucket = ? AND key = ?', bucket, key);
  }

  upload(id: string): UploadRow | undefined {
    const row = this.#get('SELECT * FROM upload WHERE id = ?', id);
    return row === undefined ? undefined : uploadRow(row);
  }

  uploads(bucket: string): UploadRow[] {
    return this.#all('SELECT * FROM upload WHERE bucket = ? ORDER BY key, created_at', bucket).map(uploadRow);
  }

  insertUpload(upload: UploadRow): void {
    const { id, bucket, key, headers, createdAt } = upload;
    this.#run(
      'INSERT INTO upload VALUES (?, ?, ?, ?, ?)',
      id,
      bucket,
      key,
      JSON.stringify(headers),
      createdAt,
    );
  }

  parts(upload: string): PartRow[] {
    return this.#all('SELECT * FROM part WHERE upload = ? ORDER BY number', upload).map(partRow);
  }

  putPart(part: PartRow): void {
    const { upload, number, blob, size, etag, modifiedAt } = part;
    this.#run(
      'INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?, ?)',
      upload,
      number,
      blob,
      size,
      etag,
      modifiedAt,
    );
  }

  deleteUpload(id: string): void {
    this.#run('DELETE FROM part WHERE upload = ?', id);
    this.#run('DELETE FROM upload WHERE id = ?', id);
  }

  /** Runs several steps as one transaction. */
  atomically(steps: () => void): void {
    this.#database.exec('BEGIN');
    try {
      steps();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  isBlobNamed(id: string): boolean {
    const sql = 'SELECT 1 FROM object WHERE blob = ? UNION ALL SELECT 1 FROM part WHERE blob = ? LIMIT 1';
    return this.#get(sql, id, id) !== undefined;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#statement(sql).run(...values);
  }
}

function openDatabase(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    // WAL with NORMAL survives the end of the process; only a power cut may lose the last moments.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    const check = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (check !== 'ok') throw new Error(String(check));
    database.exec(schema);
    return database;
  } catch (cause) {
    database?.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CorruptDataError(file, `SQLite reports: ${reason}`, { cause });
  }
}

const bucketRow = (row: Row): BucketRow => ({
  name: String(row['name']),
  createdAt: Number(row['created_at']),
});

const objectRow = (row: Row): ObjectRow => ({
  bucket: String(row['bucket']),
  key: String(row['key']),
  blob: String(row['blob']),
  size: Number(row['size']),
  etag: String(row['etag']),
  modifiedAt: Number(row['modified_at']),
  headers: parseHeaders(row['headers']),
  checksums: parseHeaders(row['checksums']),
});

const uploadRow = (row: Row): UploadRow => ({
  id: String(row['id']),
  bucket: String(row['bucket']),
  key: String(row['key']),
  headers: parseHeaders(row['headers']),
  createdAt: Number(row['created_at']),
});

const partRow = (row: Row): PartRow => ({
  upload: String(row['upload']),
  number: Number(row['number']),
  blob: String(row['blob']),
  size: Number(row['size']),
  etag: String(row['etag']),
  modifiedAt: Number(row['modified_at']),
});

function parseHeaders(text: unknown): Headers {
  // Written by this file as JSON of a string record.
  return JSON.parse(String(text)) as Headers;
}
