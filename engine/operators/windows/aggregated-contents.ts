import type { FrameWriter } from '../../data/frame-writer.ts';
import type { EntryFields } from '../../state/entry-view.ts';
import type { StateLayout } from '../../state/state-layout.ts';
import { aggregateKinds, readAccumulators, writeAccumulators } from './accumulator-codec.ts';
import type { Pane } from './pane.ts';
import { type Columns, type PaneFunctions, paneFunctions, type RowFields } from './pane-functions.ts';
import type { WindowContents } from './window-contents.ts';
import type { WindowEntry } from './window-entry.ts';

/** Holds the accumulators of column aggregates. */
export class AggregatedContents implements WindowContents {
  readonly form: string;
  readonly layout = {};
  readonly #columns: Columns;
  readonly #functions: PaneFunctions;
  readonly #finish: (window: WindowEntry, row: unknown) => void;

  constructor(columns: Columns, fields: RowFields, finish: (window: WindowEntry, row: unknown) => void) {
    this.form = aggregateKinds(columns)
      .map((pair) => pair.join(': '))
      .join(', ');
    this.#columns = columns;
    this.#functions = paneFunctions(columns, fields);
    this.#finish = finish;
  }

  add(window: WindowEntry, value: unknown): void {
    this.#functions.add(this.#pane(window), value);
  }

  absorb(window: WindowEntry, absorbed: WindowEntry): void {
    this.#functions.merge(this.#pane(window), this.#pane(absorbed));
  }

  fire(window: WindowEntry): void {
    this.#finish(window, this.#row(window, this.#pane(window)));
  }

  /** The row of records that are held as such, since an evictor asks for them. */
  rowOf(window: WindowEntry, records: readonly unknown[]): unknown {
    const pane = this.#functions.create(0, window.key, window.end);
    for (const record of records) {
      this.#functions.add(pane, record);
    }
    return this.#row(window, pane);
  }

  view(window: WindowEntry): EntryFields {
    const row = this.#functions.row(window.contents as Pane, window.start); // as below
    const { key: _key, start: _start, end: _end, ...value } = row;
    return { value };
  }

  write(out: FrameWriter, contents: unknown): void {
    writeAccumulators(out, this.#columns, contents as Pane); // only this class makes them
  }

  reader(_written: StateLayout): ReturnType<WindowContents['reader']> {
    return (from, window) => {
      const pane = this.#functions.create(0, window.key, window.end);
      readAccumulators(from, this.#columns, pane);
      return pane;
    };
  }

  #row(window: WindowEntry, pane: Pane): unknown {
    pane.end = window.end;
    return this.#functions.row(pane, window.start);
  }

  #pane(window: WindowEntry): Pane {
    window.contents ??= this.#functions.create(0, window.key, window.end);
    return window.contents as Pane; // only this class makes them
  }
}
