/** What the source of files needs of the place where they lie. */

/** A file as a listing shows it. */
export interface StoredFile {
  /** Unique in its location, with `/` between folders. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Differs when the file was written again. */
  readonly version: string;
}

/** Files of one location. */
export interface FileStore {
  /** Every file, in no particular order. Rejects with a {@link FileFault} when the location is not there. */
  list(): Promise<readonly StoredFile[]>;
  /**
   * The bytes from `from` up to, not including, `to`, as they come.
   *
   * Errors: a {@link FileFault} when the file is gone, may not be read or is not `file.version` any more; anything
   * else may pass when the call is made again.
   */
  read(file: StoredFile, from: number, to: number): AsyncIterable<Uint8Array>;
}

/** What no second try heals. */
export class FileFault extends Error {
  override readonly name = 'FileFault';
}

/** Editors and writers leave files of these names beside the data: `.crc`, `_SUCCESS`. */
export function isHidden(name: string): boolean {
  return name.split('/').some((part) => part.startsWith('.') || part.startsWith('_'));
}

export function changed(name: string, cause?: unknown): FileFault {
  return new FileFault(
    `Cannot read file "${name}": it has been written again since it was listed; give new data a new name, or start the job without its state`,
    { cause },
  );
}
