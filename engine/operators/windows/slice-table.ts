import type { FrameWriter } from '../../data/frame-writer.ts';
import type { Key } from '../../data/key-groups.ts';
import { MIN_WATERMARK } from '../../data/record-batch.ts';
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
import type { SliceGrid } from './slice-grid.ts';

/** State name of slices in snapshots. */
const SLICES = 'slices';

/** What a pane of a snapshot has been through: the watermark is no state, so a restored job cannot tell it. */
interface Past {
  /** Windows up to this end had gone, so they must not see the pane when they are opened again. */
  readonly closedTo: number;
  /** Windows up to this end had fired with the pane. */
  readonly firedTo: number;
}

/**
 * The panes of slices. `pending` is 0 for a pane that was restored and has had no record since; it then has a past.
 */
export class SliceTable extends PaneTable {
  readonly name = SLICES;
  readonly layout: StateLayout;
  /** Windows up to this end are no business of slices: some pane had outlived them when the job was restored. */
  reopened = Number.NEGATIVE_INFINITY;
  watermark = MIN_WATERMARK;
  readonly #columns: Columns;
  readonly #latenessMs: number;
  readonly #pasts = new WeakMap<Pane, Past>();
  #watermarkOfSnapshot = MIN_WATERMARK;

  constructor(columns: Columns, functions: PaneFunctions, options: { grid: SliceGrid; latenessMs: number }) {
    super(functions);
    const { grid, latenessMs } = options;
    this.#columns = columns;
    this.#latenessMs = latenessMs;
    const shape = `${grid.sliceMs} ms, windows of ${grid.sizeMs} ms, offset ${grid.offsetMs} ms`;
    this.layout = { kind: 'windows', aggregates: [...aggregateKinds(columns), ['slices', shape]] };
  }

  /** True when a window has still to fire for the key of a pane. */
  isPending(pane: Pane, window: number): boolean {
    return pane.pending === 1 || (this.#pasts.get(pane)?.firedTo ?? Number.NEGATIVE_INFINITY) < window;
  }

  closedTo(pane: Pane): number {
    return this.#pasts.get(pane)?.closedTo ?? Number.NEGATIVE_INFINITY;
  }

  override beginSnapshot(last = false): boolean {
    this.#watermarkOfSnapshot = this.watermark;
    return super.beginSnapshot(last);
  }

  /** Windows have gone and fired also with panes that did not change. */
  protected override noteOf(): (out: FrameWriter) => void {
    const { closedTo, firedTo } = this.#past();
    return (out) => {
      out.f64(closedTo);
      out.f64(firedTo);
    };
  }

  write(out: FrameWriter, pane: Pane): void {
    const past = pane.pending === 1 ? undefined : this.#pasts.get(pane);
    const { closedTo, firedTo } = this.#past();
    out.f64(closedTo);
    out.f64(Math.max(past?.firedTo ?? Number.NEGATIVE_INFINITY, firedTo));
    writeAccumulators(out, this.#columns, pane);
  }

  reader(written: StateLayout): EntryReader {
    refuseOtherAggregates(written, this.layout);
    return {
      put: (from, key, keep) => {
        const end = from.f64();
        const past = { closedTo: from.f64(), firedTo: from.f64() };
        const pane = this.restoredPane(key, end, keep);
        pane.pending = 0;
        readAccumulators(from, this.#columns, pane);
        this.#pasts.set(pane, past);
      },
      drop: (from, isWriters) => this.readDrop(from, isWriters),
      note: (from, isWriters) => this.#pass({ closedTo: from.f64(), firedTo: from.f64() }, isWriters),
    };
  }

  /** What all panes have been through that go into the snapshot on its way. */
  #past(): Past {
    const fired = this.#watermarkOfSnapshot + 1;
    return { closedTo: Math.max(this.reopened, fired - this.#latenessMs), firedTo: fired };
  }

  /** Panes that a restore has read were written at an earlier watermark. */
  #pass({ closedTo, firedTo }: Past, isWriters: (key: Key) => boolean): void {
    for (const [key, pane] of [...this.buckets.values()].flatMap((bucket) => [...bucket])) {
      const past = isWriters(key) ? this.#pasts.get(pane) : undefined;
      if (past !== undefined) {
        const passed = {
          closedTo: Math.max(past.closedTo, closedTo),
          firedTo: Math.max(past.firedTo, firedTo),
        };
        this.#pasts.set(pane, passed);
      }
    }
  }
}
