/** How records become the content of a file. */
import type { Schema } from '../../data/schema.ts';

/** Writes the records of one file. */
export interface FileEncoder<T> {
  add(value: T): void;
  /** About how much `take` and `end` have yet to give. */
  readonly bytes: number;
  /** What can be given now of what was added since the last call. */
  take(): Uint8Array;
  /** The rest of the file; called once, and nothing is added afterwards. */
  end(): Promise<Uint8Array>;
}

/** A form of files. */
export interface FileForm<T> {
  readonly name: string;
  /** As in `.jsonl`. */
  readonly extension: string;
  /**
   * What was taken is a whole file at any time. Such a file goes on over checkpoints; one of another form is finished
   * with each, since what it would still need could not be restored.
   */
  readonly wholeAtAnyTime: boolean;
  encoder(): FileEncoder<T>;
}

/** A form of files for any schema. */
export interface FileFormat {
  readonly name: string;
  /** Errors: throws where records of the schema have no such form. */
  form<T>(schema: Schema<T> | undefined): FileForm<T>;
}
