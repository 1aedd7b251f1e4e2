import type { Clock } from '../host.ts';
import { ChunkWriter } from './chunk-writer.ts';
import type { StateBackend } from './entry-index.ts';
import type {
  ContinuedTable,
  RestoredState,
  SnapshotCursor,
  SnapshotExtent,
  SnapshotPart,
} from './snapshot.ts';
import type { StateOwner } from './state-owner.ts';
import type { SnapshotTable } from './state-table.ts';
import { TableRestore } from './table-restore.ts';

/** Between two looks at the clock; some 50 µs of work. */
const ENTRIES_PER_STEP = 128;

/** Makes the tables of one operator ready for their first snapshot; before anything is restored into them. */
export function openState(
  owner: StateOwner,
  tables: readonly SnapshotTable[],
  backend?: StateBackend,
): readonly OwnedTable[] {
  return tables.map((table) => {
    table.open(backend?.sink(table, owner) ?? new ChunkWriter(owner, table));
    return { owner, table };
  });
}

/** Fills the tables of one operator from a snapshot. State that the program no longer declares is left out. */
export function restoreState(
  restored: RestoredState,
  owner: StateOwner,
  tables: readonly SnapshotTable[],
): void {
  new TableRestore(owner, tables).finish(restored);
}

/** A table and whose state it holds. */
export interface OwnedTable {
  readonly owner: StateOwner;
  readonly table: SnapshotTable;
}

/** The snapshot of all tables of a subtask: begun for all at once, written one table after the other. */
export class TableSnapshot implements SnapshotCursor {
  readonly continued: readonly ContinuedTable[];
  readonly #tables: readonly SnapshotTable[];
  readonly #clock: Clock;
  #next = 0;

  constructor(tables: readonly OwnedTable[], clock: Clock, extent: SnapshotExtent = 'due') {
    this.#clock = clock;
    this.#tables = tables.map(({ table }) => table);
    if (extent === 'whole') {
      this.#tables.forEach((table) => table.loseSnapshot());
    }
    this.continued = tables
      .filter(({ table }) => table.beginSnapshot(extent === 'brief'))
      .map(({ owner: { operatorId }, table: { name: state, droppedParts: dropped } }) => ({
        operatorId,
        state,
        ...(dropped.length === 0 ? {} : { dropped }),
      }));
  }

  step(deadline: number): boolean {
    do {
      const current = this.#tables[this.#next];
      if (current === undefined) {
        return true;
      }
      if (current.emitSome(ENTRIES_PER_STEP)) {
        this.#next++;
      }
    } while (this.#clock.now() < deadline);
    return this.#next >= this.#tables.length;
  }

  take(): SnapshotPart[] {
    return this.#tables.flatMap((table) => table.takeParts());
  }

  abandon(): void {
    for (const table of this.#tables) {
      table.loseSnapshot();
    }
  }
}
