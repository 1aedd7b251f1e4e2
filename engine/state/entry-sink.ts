import type { FrameWriter } from '../data/frame-writer.ts';
import type { Share } from './redistribution.ts';
import type { SnapshotPart } from './snapshot.ts';
import type { StateEntry } from './state-table.ts';

/**
 * Where a table writes what its snapshots consist of: chunks in memory, or the log of a store that keeps entries on disk.
 *
 * Contract: a sink belongs to one table for as long as that lives. What is removed is told at once and belongs to the
 * next snapshot; entries are put between `begin` and `finish`, as they were when the snapshot began.
 */
export interface EntrySink<E extends StateEntry = StateEntry> {
  /**
   * True where the sink still has all that it was ever told, so that no snapshot has to repeat what has not changed:
   * the table then tells it of every entry that was removed, and puts only changed ones.
   */
  readonly keepsAll: boolean;
  /**
   * A snapshot begins; `continued` says that it goes behind the last one, and what was removed since is part of it.
   * `note` writes what is true of all entries that were put before; undefined where nothing is. Gives whether it does
   * go behind the last one: a sink that keeps all decides by itself.
   */
  begin(continued: boolean, note: ((out: FrameWriter) => void) | undefined): boolean;
  put(entry: E): void;
  /** An entry that snapshots know is gone. */
  remove(entry: E): void;
  /** Every entry whose id begins with what `writeId` writes is gone. */
  drop(writeId: (out: FrameWriter) => void): void;
  /** Places of parts that are no longer wanted, among all that were handed over; of the snapshot begun last. */
  readonly dropped?: readonly number[];
  /** All entries have been put. */
  finish(): void;
  /** Called behind `finish`: writes some of the rest; true when nothing is left. Absent: nothing ever is. */
  writeSome?(): boolean;
  /** Parts that have become complete since the last call, in the order in which a restore must read them. */
  take(): SnapshotPart[];
  /** Forgets what was removed since the last snapshot began: the next one has everything. */
  forget(): void;
  /** Gives up the snapshot on its way, parts that nobody has taken included. */
  abandon(): void;
  /**
   * Takes what it keeps of a part over as it is; false where its entries have to be put into the table one by one.
   * Called for every part of a restore, and after it `restored`, with whether snapshots may go on behind these parts.
   */
  adopt?(share: Share): boolean;
  restored?(continued: boolean): void;
}
