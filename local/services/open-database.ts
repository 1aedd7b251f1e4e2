import { DatabaseSync } from 'node:sqlite';
import { CorruptDataError } from './corrupt-data-error.ts';

/** Opens a database and brings it to its schema; a damaged file is told with its path and what to do. */
export function openDatabase(file: string, schema: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
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
