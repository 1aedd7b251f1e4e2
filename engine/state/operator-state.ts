import type { Clock } from '../host.ts';
import { ChunkWriter, readChunk, type StateOwner } from './chunk.ts';
import { sharesOf } from './redistribution.ts';
import type { RestoredState, SnapshotCursor, SnapshotPart, TableName } from './snapshot.ts';
import type { SnapshotTable } from './state-table.ts';

/** Between two looks at the clock; some 50 µs of work. */
const ENTRIES_PER_STEP = 128;

/** Fills the tables of one operator from a snapshot. State that the program no longer declares is left out. */
export function restoreState(
  restored: RestoredState,
  owner: StateOwner,
  tables: readonly SnapshotTable[],
): void {
  const parts = [...restored.parts(owner.operatorId)];
  for (const table of tables) {
    const own = parts.filter(({ state }) => state === table.name);
    for (const share of sharesOf(own, table.distribution, owner)) {
      readChunk(share, owner, table);
    }
  }
}

/** A table and whose state it holds. */
export interface OwnedTable {
  readonly owner: StateOwner;
  readonly table: SnapshotTable;
}

/** The snapshot of all tables of a subtask: begun for all at once, written one table after the other. */
export class TableSnapshot implements SnapshotCursor {
  readonly continued: readonly TableName[] = [];
  readonly #writers: readonly { readonly table: SnapshotTable; readonly writer: ChunkWriter }[];
  readonly #clock: Clock;
  #next = 0;

  constructor(tables: readonly OwnedTable[], clock: Clock) {
    this.#clock = clock;
    this.#writers = tables.map(({ owner, table }) => ({ table, writer: new ChunkWriter(owner, table) }));
    for (const { table, writer } of this.#writers) {
      table.beginSnapshot((entry) => writer.add(entry));
    }
  }

  step(deadline: number): boolean {
    do {
      const current = this.#writers[this.#next];
      if (current === undefined) {
        return true;
      }
      if (current.table.emitSome(ENTRIES_PER_STEP)) {
        current.writer.flush();
        this.#next++;
      }
    } while (this.#clock.now() < deadline);
    return this.#next >= this.#writers.length;
  }

  take(): SnapshotPart[] {
    return this.#writers.flatMap(({ writer }) => writer.take());
  }
}
