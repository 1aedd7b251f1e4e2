import { anyCodec } from '../../data/any-codec.ts';
import type { FrameReader } from '../../data/frame-reader.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import type { Key } from '../../data/key-groups.ts';
import { unpinned } from '../../data/unpinned.ts';
import { type StateLayout, StateMigrationError } from '../../state/state-layout.ts';
import { type EntryReader, StateTable } from '../../state/state-table.ts';
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
    this.layout = { kind: 'windows', aggregates: columns.map(([column, { kind }]) => [column, kind]) };
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
    for (const [index, [, { kind }]] of this.#columns.entries()) {
      if (kind === 'own') {
        anyCodec.write(out, pane[`a${index}`]);
      } else {
        out.f64(pane[`a${index}`] as number); // all built-in accumulators are numbers
      }
      if (kind === 'avg') {
        out.f64(pane[`n${index}`] ?? 0);
      }
    }
  }

  reader(written: StateLayout): EntryReader {
    const [before, now] = [aggregatesText(written), aggregatesText(this.layout)];
    if (before !== now) {
      throw new StateMigrationError(
        `its windows were written with ${before}, the program declares ${now}; give the operator a new name, or go back to the old aggregates`,
      );
    }
    return (from, key, keep) => {
      const end = from.f64();
      const pane = keep ? this.insert(key, end) : this.#functions.create(0, key, end);
      pane.pending = from.u8() === 1 ? 1 : 0;
      this.#readAccumulators(from, pane);
    };
  }

  #readAccumulators(from: FrameReader, pane: Pane): void {
    for (const [index, [, { kind }]] of this.#columns.entries()) {
      pane[`a${index}`] = kind === 'own' ? unpinned(anyCodec.read(from)) : from.f64();
      if (kind === 'avg') {
        pane[`n${index}`] = from.f64();
      }
    }
  }
}

function* panesOf(buckets: readonly Bucket[]): Generator<Pane> {
  for (const bucket of buckets) {
    yield* bucket.values();
  }
}

function aggregatesText(layout: StateLayout): string {
  return (layout.aggregates ?? []).map(([column, kind]) => `${column}: ${kind}`).join(', ');
}
