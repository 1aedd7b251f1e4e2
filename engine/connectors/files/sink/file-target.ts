/** What the sink of files needs of the place where it puts them. */
import type { Committable } from '../../connector.ts';

/**
 * What is durable of a file that nobody sees yet: data that any process can make it visible with.
 * Each target adds what it needs itself.
 */
export interface PinnedFile extends Committable {
  readonly version: 1;
  /** The location as the sink was given it. */
  readonly location: string;
  /** Whose job wrote it. */
  readonly owner: string;
  /** Within the location, with `/` between folders. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Nobody adds to it any more. */
  readonly finished: boolean;
}

/** A file that is written and not visible; calls never overlap. */
export interface OpenFile {
  /** Adds bytes behind those before; resolves when they need no room here any more, or no more than the target allows. */
  append(bytes: Uint8Array): Promise<void>;
  /** Resolves when no crash takes away what was appended; more may follow. */
  pin(): Promise<PinnedFile>;
  /** The same, and nothing follows. */
  finish(): Promise<PinnedFile>;
  /** Lets go of it, also of what is under way; what was pinned stays. */
  close(): Promise<void>;
}

/** Where the files of one sink go. Errors: a {@link FileFault} where no second try helps. */
export interface FileTarget {
  open(name: string): OpenFile;
  /**
   * Makes a file visible, as it was pinned. Where it is visible already, nothing happens, except that a shorter one
   * than was pinned is a fault.
   */
  publish(file: PinnedFile): Promise<void>;
  /** The file is not taken for left over until it is published. */
  keep(file: PinnedFile): Promise<void>;
  /** Files that were begun and are neither visible nor kept, by their names. */
  leftovers(): Promise<readonly Leftover[]>;
  /** What is under way need not succeed any more. */
  close(): void;
}

/** A file that somebody began. */
export interface Leftover {
  readonly name: string;
  discard(): Promise<void>;
}
