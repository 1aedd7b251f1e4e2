import type { FrameWriter } from '../../data/frame-writer.ts';
import type { StateLayout } from '../../state/state-layout.ts';
import type { EntryReader } from '../../state/state-table.ts';
import {
  aggregateKinds,
  readAccumulators,
  refuseOtherAggregates,
  writeAccumulators,
} from './accumulator-codec.ts';
import type { Pane } from './pane.ts';
import type { Columns, PaneFunctions } from './pane-functions.ts';
import { PaneTable } from './pane-table.ts';

/** State name of windows in snapshots. */
export const WINDOWS = 'windows';

/** The panes of windows. */
export class WindowTable extends PaneTable {
  readonly name = WINDOWS;
  readonly layout: StateLayout;
  readonly #columns: Columns;

  constructor(columns: Columns, functions: PaneFunctions) {
    super(functions);
    this.#columns = columns;
    this.layout = { kind: 'windows', aggregates: aggregateKinds(columns) };
  }

  write(out: FrameWriter, pane: Pane): void {
    out.u8(pane.pending);
    writeAccumulators(out, this.#columns, pane);
  }

  reader(written: StateLayout): EntryReader {
    refuseOtherAggregates(written, this.layout);
    return {
      put: (from, key, keep) => {
        const end = from.f64();
        const pane = this.restoredPane(key, end, keep);
        pane.pending = from.u8() === 1 ? 1 : 0;
        readAccumulators(from, this.#columns, pane);
      },
      drop: (from, isWriters) => this.readDrop(from, isWriters),
    };
  }
}
