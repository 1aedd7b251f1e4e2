import { open, readdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { FileFault, changed, isHidden } from './file-store.ts';
import type { FileStore, StoredFile } from './file-store.ts';

const CHUNK_BYTES = 256 * 1024;

/** Files of a folder and its folders, or one file by its path. */
export class LocalFileStore implements FileStore {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = path.resolve(folder);
  }

  async list(): Promise<readonly StoredFile[]> {
    try {
      if ((await stat(this.#path)).isFile()) return [await this.#file('')];
      const entries = await readdir(this.#path, { recursive: true, withFileTypes: true });
      const names = entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(this.#path, path.join(entry.parentPath, entry.name)))
        .map((name) => name.split(path.sep).join('/'))
        .filter((name) => !isHidden(name));
      return await Promise.all(names.map((name) => this.#file(name)));
    } catch (cause) {
      throw fault(`list files of "${this.#path}"`, cause);
    }
  }

  async *read(file: StoredFile, from: number, to: number): AsyncIterable<Uint8Array> {
    const handle = await this.#open(file);
    try {
      for (let at = from; at < to;) {
        // A new buffer each time: lines are kept as parts of it until they are decoded.
        const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, to - at));
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
        if (bytesRead === 0) throw changed(file.name);
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  async #open(file: StoredFile): Promise<FileHandle> {
    const full = path.join(this.#path, file.name);
    try {
      const handle = await open(full, 'r');
      const { size, mtimeMs } = await handle.stat();
      if (versionOf(size, mtimeMs) === file.version) return handle;
      await handle.close();
    } catch (cause) {
      throw fault(`read file "${full}"`, cause);
    }
    throw changed(full);
  }

  async #file(name: string): Promise<StoredFile> {
    const { size, mtimeMs } = await stat(path.join(this.#path, name));
    return { name, sizeBytes: size, version: versionOf(size, mtimeMs) };
  }
}

function versionOf(sizeBytes: number, changedAtMs: number): string {
  return `${sizeBytes}-${Math.floor(changedAtMs)}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is none at this path',
  EACCES: 'the job may not read it; give its user the right to',
  EPERM: 'the job may not read it; give its user the right to',
};

function fault(what: string, cause: unknown): FileFault {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new FileFault(`Cannot ${what}: ${reason}`, { cause });
}
