import type { FrameWriter } from '../../data/frame-writer.ts';
import type { Key } from '../../data/key-groups.ts';
import { unpinned } from '../../data/unpinned.ts';
import type { StateLayout } from '../../state/state-layout.ts';
import { type EntryReader, StateTable } from '../../state/state-table.ts';
import {
  aggregateKinds,
  readAccumulators,
  refuseOtherAggregates,
  writeAccumulators,
} from './accumulator-codec.ts';
import type { Pane } from './pane.ts';
import type { Columns, PaneFunctions } from './pane-functions.ts';

/** The panes of one window end, by key. */
export type Bucket = Map<Key, Pane>;

/** State name of windows in snapshots. */
export const WINDOWS = 'windows';

/**
 * Panes in one bucket per window end, so that a window fires and goes as a whole: no timer per key and window.
 *
 * Contract: a dropped bucket is never changed again; a snapshot on its way still holds it and writes it in its turn.
 */
export class WindowTable extends StateTable<Pane> {
  readonly name = WINDOWS;
  readonly layout: StateLayout;
  readonly buckets = new Map<number, Bucket>();
  readonly #columns: Columns;
  readonly #functions: PaneFunctions;
  #size = 0;

  constructor(columns: Columns, functions: PaneFunctions) {
    super();
    this.#columns = columns;
    this.#functions = functions;
    this.layout = { kind: 'windows', aggregates: aggregateKinds(columns) };
  }

  get entryCount(): number {
    return this.#size;
  }

  insert(key: Key, end: number): Pane {
    const pane = this.#functions.create(this.version, unpinned(key), end);
    const bucket = this.buckets.get(end);
    if (bucket === undefined) {
      this.buckets.set(end, new Map([[pane.key, pane]]));
    } else {
      bucket.set(pane.key, pane);
    }
    this.#size++;
    return pane;
  }

  drop(end: number): void {
    this.#size -= this.buckets.get(end)?.size ?? 0;
    this.buckets.delete(end);
  }

  protected allEntries(): Iterator<Pane> {
    return panesOf([...this.buckets.values()]);
  }

  write(out: FrameWriter, pane: Pane): void {
    out.f64(pane.end);
    out.u8(pane.pending);
    writeAccumulators(out, this.#columns, pane);
  }

  reader(written: StateLayout): EntryReader {
    refuseOtherAggregates(written, this.layout);
    return (from, key, keep) => {
      const end = from.f64();
      const pane = keep ? this.insert(key, end) : this.#functions.create(0, key, end);
      pane.pending = from.u8() === 1 ? 1 : 0;
      readAccumulators(from, this.#columns, pane);
    };
  }
}

/** All panes of some buckets. */
export function* panesOf(buckets: readonly Bucket[]): Generator<Pane> {
  for (const bucket of buckets) {
    yield* bucket.values();
  }
}
