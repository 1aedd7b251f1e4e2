/** One process at a time per data directory. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

const formatVersion = 1;

/** A data directory that belongs to this process until `release`. */
export interface DirectoryLock {
  release(): void;
}

/** Takes the directory for this process, creating it; the lock of a process that is gone is taken over. */
export function lockDirectory(directory: string): DirectoryLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'lock');
  const self = identify(process.pid);
  if (self === undefined) throw new Error(`Cannot lock "${directory}": this process cannot see itself`);
  if (!tryTake(file, self)) {
    const holder = readHolder(file);
    if (holder !== undefined && isAlive(holder)) throw inUse(directory, holder.pid);
    rmSync(file, { force: true });
    if (!tryTake(file, self)) throw inUse(directory, readHolder(file)?.pid ?? 0);
  }
  checkVersion(directory, () => rmSync(file, { force: true }));
  return { release: () => rmSync(file, { force: true }) };
}

function tryTake(file: string, self: ProcessIdentity): boolean {
  // Written beside and linked into place, so that nobody ever reads a lock half written.
  const draft = `${file}.${self.pid}`;
  writeFileSync(draft, JSON.stringify(self));
  try {
    linkSync(draft, file);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw cause;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    // Only `tryTake` writes this file.
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}

function inUse(directory: string, pid: number): Error {
  return new Error(
    `Cannot use data directory "${directory}": process ${pid} is using it; stop it or choose another with --data`,
  );
}

function checkVersion(directory: string, giveUp: () => void): void {
  const file = join(directory, 'version.json');
  const found = readVersion(file);
  if (found === undefined) {
    writeFileSync(file, `${JSON.stringify({ version: formatVersion })}\n`);
    return;
  }
  if (found === formatVersion) return;
  giveUp();
  throw new Error(
    `Cannot use data directory "${directory}": its format is version ${found}, this program reads version ${formatVersion}; choose another with --data`,
  );
}

function readVersion(file: string): unknown {
  try {
    // Whatever else the file may hold is compared and refused by the caller.
    return (JSON.parse(readFileSync(file, 'utf8')) as { version?: unknown }).version ?? 'unknown';
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    return 'unreadable';
  }
}
