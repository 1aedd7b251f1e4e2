import { closeSync, mkdirSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StateDiskError } from './state-disk-error.ts';

/** A file of state: written at its end, read anywhere. */
export interface DiskFile {
  readonly name: string;
  /** Writes all of the bytes at `position`. */
  write(bytes: Uint8Array, position: number): void;
  /** Fills the first `length` bytes of `into` from `position`; throws where the file ends before. */
  read(into: Uint8Array, position: number, length: number): void;
  /** Closes the file and removes it. */
  remove(): void;
}

/** A directory on the local disk that belongs to one slot alone. Nothing in it outlives the attempt of a job. */
export interface DiskFiles {
  create(name: string): DiskFile;
  /** Removes the directory with everything in it. */
  remove(): void;
}

/** Files of a directory, which is emptied first. */
export function nodeFiles(directory: string): DiskFiles {
  try {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw new StateDiskError(
      `Cannot keep state in directory "${directory}" (${reasonOf(cause)}); set HEADWATER_STATE_DIRECTORY to one that can be written`,
      { cause },
    );
  }
  return {
    create: (name) => new NodeFile(directory, name),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

class NodeFile implements DiskFile {
  readonly name: string;
  readonly #directory: string;
  readonly #descriptor: number;

  constructor(directory: string, name: string) {
    this.name = name;
    this.#directory = directory;
    this.#descriptor = openSync(join(directory, name), 'w+');
  }

  write(bytes: Uint8Array, position: number): void {
    let written = 0;
    try {
      while (written < bytes.byteLength) {
        written += writeSync(
          this.#descriptor,
          bytes,
          written,
          bytes.byteLength - written,
          position + written,
        );
      }
    } catch (cause) {
      throw new StateDiskError(
        `Cannot write state: directory "${this.#directory}" did not take ${bytes.byteLength - written} bytes more (${reasonOf(cause)}); free space there, or set HEADWATER_STATE_DIRECTORY to a larger disk`,
        { cause },
      );
    }
  }

  read(into: Uint8Array, position: number, length: number): void {
    let read: number;
    try {
      read = readSync(this.#descriptor, into, 0, length, position);
    } catch (cause) {
      throw new StateDiskError(`Cannot read state: file "${this.#path}" gave ${reasonOf(cause)}`, { cause });
    }
    if (read < length) {
      throw new StateDiskError(
        `Cannot read state: file "${this.#path}" ends at ${position + read}, ${length - read} bytes too early; the job restores its last checkpoint`,
      );
    }
  }

  remove(): void {
    closeSync(this.#descriptor);
    // Somebody may have emptied the directory already.
    rmSync(this.#path, { force: true });
  }

  get #path(): string {
    return join(this.#directory, this.name);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
