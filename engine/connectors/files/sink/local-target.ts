import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { FileFault } from '../file-store.ts';
import type { FileTarget, Leftover, OpenFile, PinnedFile } from './file-target.ts';
import { shorter } from './published.ts';

/** Files that are not visible lie here, under the names that they will have, without their folders. */
const HIDDEN_FOLDER = '.in-progress';
const KEPT = '.kept';
const COPY_BYTES = 1024 * 1024;

/** A folder and its folders. */
export class LocalTarget implements FileTarget {
  readonly #folder: string;
  readonly #identity: Pick<PinnedFile, 'location' | 'owner'>;

  constructor(folder: string, identity: Pick<PinnedFile, 'location' | 'owner'>) {
    this.#folder = path.resolve(folder);
    this.#identity = identity;
  }

  open(name: string): OpenFile {
    return new LocalFile(this.#hidden(name), { version: 1, ...this.#identity, name });
  }

  async publish(file: PinnedFile): Promise<void> {
    const visible = path.join(this.#folder, file.name);
    const hidden = this.#hidden(file.name);
    const present = await sizeOf(visible);
    if (present === undefined) await this.#show(file, hidden, visible);
    else if (present < file.sizeBytes) throw shorter(visible, present, file.sizeBytes);
    await rm(hidden, { force: true });
    await rm(hidden + KEPT, { force: true });
  }

  async leftovers(): Promise<readonly Leftover[]> {
    const folder = path.join(this.#folder, HIDDEN_FOLDER);
    const names = await readdir(folder).catch(() => []);
    const present = new Set(names);
    return names
      .filter((name) => !name.endsWith(KEPT) && !present.has(name + KEPT))
      .map((name) => ({ name, discard: () => rm(path.join(folder, name), { force: true }) }));
  }

  async keep({ name }: PinnedFile): Promise<void> {
    const hidden = this.#hidden(name);
    await writeFile(hidden + KEPT, '');
    await sync(path.dirname(hidden));
  }

  close(): void {}

  async #show(file: PinnedFile, hidden: string, visible: string): Promise<void> {
    await mkdir(path.dirname(visible), { recursive: true });
    // A job that does not know that it is dead may still write to its file, so one that is not finished is copied.
    const source = file.finished ? hidden : `${hidden}.copy`;
    try {
      if (!file.finished) await copy(hidden, source, file.sizeBytes);
      await rename(source, visible);
    } catch (cause) {
      // Somebody else who restored the same checkpoint may have been faster.
      if ((await sizeOf(visible)) === undefined)
        throw new FileFault(
          `Cannot publish file "${visible}": what was written of it is not at "${hidden}" any more; to go on without it, give the sink another name and allow non-restored state`,
          { cause },
        );
    }
    await sync(path.dirname(visible));
  }

  #hidden(name: string): string {
    return path.join(this.#folder, HIDDEN_FOLDER, path.posix.basename(name));
  }
}

/** A file under its hidden name. */
class LocalFile implements OpenFile {
  readonly #path: string;
  readonly #identity: Pick<PinnedFile, 'version' | 'location' | 'owner' | 'name'>;
  #handle: FileHandle | undefined;
  #sizeBytes = 0;

  constructor(hidden: string, identity: Pick<PinnedFile, 'version' | 'location' | 'owner' | 'name'>) {
    this.#path = hidden;
    this.#identity = identity;
  }

  async append(bytes: Uint8Array): Promise<void> {
    const handle = await this.#open();
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, this.#sizeBytes + at);
      at += bytesWritten;
    }
    this.#sizeBytes += bytes.length;
  }

  async pin(): Promise<PinnedFile> {
    await (await this.#open()).datasync();
    return { ...this.#identity, sizeBytes: this.#sizeBytes, finished: false };
  }

  async finish(): Promise<PinnedFile> {
    const pinned = await this.pin();
    await this.close();
    return { ...pinned, finished: true };
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #open(): Promise<FileHandle> {
    if (this.#handle !== undefined) return this.#handle;
    await mkdir(path.dirname(this.#path), { recursive: true });
    this.#handle = await open(this.#path, 'wx');
    await sync(path.dirname(this.#path));
    return this.#handle;
  }
}

async function copy(from: string, to: string, bytes: number): Promise<void> {
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'w');
    try {
      await copyRange(source, target, bytes);
      await target.datasync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyRange(source: FileHandle, target: FileHandle, bytes: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(Math.min(COPY_BYTES, bytes));
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, bytes - at), at);
    if (bytesRead === 0) throw new Error(`The file ends at byte ${at} instead of ${bytes}.`);
    await target.write(buffer, 0, bytesRead, at);
    at += bytesRead;
  }
}

/** A name is durable when its folder is. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch {
    return undefined;
  }
}
