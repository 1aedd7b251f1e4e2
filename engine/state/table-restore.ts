import { readChunk } from './chunk-reader.ts';
import { sharesOf } from './redistribution.ts';
import type { RestoredState, SnapshotPart } from './snapshot.ts';
import type { StateOwner } from './state-owner.ts';
import type { SnapshotTable } from './state-table.ts';

/** What was read into a table so far. */
interface Progress {
  parts: number;
  entries: number;
  bytes: number;
  /** A snapshot of the table would say what was read in the same way. */
  complete: boolean;
}

/**
 * Fills the tables of one operator from a snapshot, in one go or in several.
 *
 * Contract: since the last entry for a key wins, it is all the same when a part is read, as long as the parts of one
 * writer come in their order; so keyed state may be read before it is known what else there will be. State of other
 * distributions is dealt out by how much there is of it, and comes whole with {@link finish}.
 */
export class TableRestore {
  readonly #owner: StateOwner;
  readonly #tables: readonly SnapshotTable[];
  readonly #progress = new Map<SnapshotTable, Progress>();

  constructor(owner: StateOwner, tables: readonly SnapshotTable[]) {
    this.#owner = owner;
    this.#tables = tables;
  }

  /** Reads keyed state of this operator in advance. State that the program no longer declares is left out. */
  read(parts: readonly SnapshotPart[]): void {
    for (const table of this.#tables) {
      const own = parts.filter(({ state }) => state === table.name);
      const progress = this.#progressOf(table);
      progress.parts += own.length;
      for (const share of sharesOf(own, table.distribution, this.#owner)) {
        progress.entries += share.part.entries;
        progress.bytes += share.part.bytes.byteLength;
        // Every part has to be read, also where one of them says that the next snapshot must be whole.
        if (!table.adopt(share)) {
          progress.complete = readChunk(share, this.#owner, table) && progress.complete;
        }
      }
    }
  }

  /** Reads what is left and ends the restore; called once, before the first record. */
  finish(rest: RestoredState): void {
    const { operatorId } = this.#owner;
    this.read([...rest.parts(operatorId)]);
    for (const table of this.#tables) {
      const { parts, entries, bytes, complete } = this.#progressOf(table);
      const continues = rest.continues?.({ operatorId, state: table.name }) === true;
      table.restored({ continued: continues && complete && parts > 0, entries, bytes });
    }
  }

  #progressOf(table: SnapshotTable): Progress {
    let progress = this.#progress.get(table);
    if (progress === undefined) {
      progress = { parts: 0, entries: 0, bytes: 0, complete: true };
      this.#progress.set(table, progress);
    }
    return progress;
  }
}
