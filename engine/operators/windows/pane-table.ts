import type { Key } from '../../data/key-groups.ts';
import { unpinned } from '../../data/unpinned.ts';
import type { EntryFields } from '../../state/entry-view.ts';
import { StateTable } from '../../state/state-table.ts';
import type { Pane } from './pane.ts';
import type { PaneFunctions } from './pane-functions.ts';

/** The panes of one end, by key. */
export type Bucket = Map<Key, Pane>;

/**
 * Panes in one bucket per end, so that all of an end go as a whole: no timer per key and end.
 *
 * Contract: a dropped bucket is never changed again; a snapshot on its way still holds it and writes it in its turn.
 */
export abstract class PaneTable extends StateTable<Pane> {
  readonly buckets = new Map<number, Bucket>();
  readonly #functions: PaneFunctions;
  #size = 0;

  constructor(functions: PaneFunctions) {
    super();
    this.#functions = functions;
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

  /** A pane out of a snapshot; one that is not kept is made only so that what follows it can be read. */
  protected restoredPane(key: Key, end: number, keep: boolean): Pane {
    return keep ? this.insert(key, end) : this.#functions.create(0, key, end);
  }

  protected override *entriesOf(key: Key): Generator<Pane> {
    for (const bucket of this.buckets.values()) {
      const pane = bucket.get(key);
      if (pane !== undefined) {
        yield pane;
      }
    }
  }

  /** The columns as the window would emit them now; when it began only its operator knows. */
  protected override view(pane: Pane): EntryFields {
    const { key: _key, start: _start, end, ...value } = this.#functions.row(pane, Number.NaN);
    return { end: Number(end), value };
  }

  protected allEntries(): Iterator<Pane> {
    return panesOf([...this.buckets.values()]);
  }
}

function* panesOf(buckets: readonly Bucket[]): Generator<Pane> {
  for (const bucket of buckets) {
    yield* bucket.values();
  }
}
