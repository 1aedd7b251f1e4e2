import type { OpenChunk } from './log-chunk.ts';
import type { Extent } from './segments.ts';

/** A chunk of a store: in memory while records are added to it, then on the disk. */
export interface StoredChunk {
  readonly id: number;
  /** Undefined once the chunk is written. */
  open: OpenChunk | undefined;
  /** Undefined until then. */
  extent: Extent | undefined;
  entries: number;
  /** Bytes of records that are the last word on their name. */
  liveBytes: number;
  /** Records that say that there is nothing; they hide older records of the chain. */
  tombstones: number;
  /** Given up by the store: its records have gone elsewhere. */
  gone: boolean;
}
