/** The bytes of objects: one immutable file each, named by a random id, in 256 folders. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { CorruptDataError } from '../corrupt-data-error.ts';

const folderDigits = 2;
const writeBatchBytes = 1024 * 1024;

/** An open blob; whoever opened it closes `fd`. */
export interface OpenBlob {
  readonly fd: number;
  readonly file: string;
}

/** A blob that is being written and is not yet visible. */
export interface NewBlob {
  readonly id: string;
  /** Takes some bytes; waits while the disk is behind. */
  write(bytes: Buffer): Promise<void>;
  /** Ends the writing; the blob stays in `tmp/` until `commit`. */
  end(): Promise<void>;
  /** Moves the blob to its place. Synchronous, so that the row which names it can follow in the same turn. */
  commit(): void;
  /** Drops what was written. */
  discard(): Promise<void>;
}

/** The blob files of one directory. */
export class Blobs {
  readonly #directory: string;
  readonly #temporary: string;

  /** Creates what is missing and empties `tmp/`, where uploads lie that a crash cut off. */
  constructor(directory: string) {
    this.#directory = path.join(directory, 'blobs');
    this.#temporary = path.join(directory, 'tmp');
    mkdirSync(this.#directory, { recursive: true });
    rmSync(this.#temporary, { recursive: true, force: true });
    mkdirSync(this.#temporary);
  }

  create(): NewBlob {
    const id = randomBytes(16).toString('hex');
    const file = path.join(this.#temporary, id);
    let handle: FileHandle | undefined;
    let waiting: Buffer[] = [];
    let waitingBytes = 0;
    const flush = async (): Promise<void> => {
      const [batch, bytes] = [waiting, waitingBytes];
      waiting = [];
      waitingBytes = 0;
      handle ??= await open(file, 'wx');
      const { bytesWritten } = await handle.writev(batch);
      if (bytesWritten !== bytes)
        throw new Error(`Cannot write "${file}": the disk took ${bytesWritten} of ${bytes} bytes`);
    };
    return {
      id,
      async write(bytes) {
        waiting.push(bytes);
        waitingBytes += bytes.length;
        if (waitingBytes >= writeBatchBytes) await flush();
      },
      async end() {
        // A small body in one call: four trips to the thread pool take longer than its write.
        if (handle === undefined) return writeFileSync(file, Buffer.concat(waiting));
        if (waitingBytes > 0) await flush();
        await handle.close();
      },
      commit: () => renameSync(file, this.#place(id)),
      async discard() {
        // Closed already when the blob had been ended.
        await handle?.close().catch(() => {});
        await rm(file, { force: true });
      },
    };
  }

  /** Opens a blob; a missing one, or one of another size than was stored, is damage. */
  open(id: string, size: number): OpenBlob {
    const file = this.#file(id);
    let fd: number;
    try {
      fd = openSync(file, 'r');
    } catch (cause) {
      throw new CorruptDataError(file, 'the bytes of an object are missing', { cause });
    }
    const actual = fstatSync(fd).size;
    if (actual === size) return { fd, file };
    closeSync(fd);
    throw new CorruptDataError(file, `it has ${actual} bytes where ${size} were stored`);
  }

  /** A second name for the same bytes: blobs never change, so a copy costs nothing. */
  copy(id: string): string {
    const copied = randomBytes(16).toString('hex');
    linkSync(this.#file(id), this.#place(copied));
    return copied;
  }

  /** Deletes a blob that no row names any more; open readers keep their file. */
  remove(id: string): void {
    // A blob that could not be deleted is an orphan; the sweep of the next start takes it.
    void rm(this.#file(id), { force: true }).catch(() => {});
  }

  /** Deletes blobs that no row names: what a crash left between a rename and its row, or a row and its removal. */
  async sweepOrphans(isNamed: (id: string) => boolean, isStopped: () => boolean): Promise<number> {
    const known = readdirSync(this.#directory);
    let removed = 0;
    for (const folder of known) {
      if (isStopped()) break;
      for (const id of await readdir(path.join(this.#directory, folder))) {
        if (isNamed(id)) continue;
        await rm(path.join(this.#directory, folder, id), { force: true });
        removed++;
      }
    }
    return removed;
  }

  #file(id: string): string {
    return path.join(this.#directory, folderOf(id), id);
  }

  #place(id: string): string {
    mkdirSync(path.join(this.#directory, folderOf(id)), { recursive: true });
    return this.#file(id);
  }
}

function folderOf(id: string): string {
  return id.slice(0, folderDigits);
}
