/** Speed: bench/pipeline.ts has the way of a record; with slices a record of a 10 s window every 2 s is added once, not five times. */
import type { Key } from '../../data/key-groups.ts';
import { MIN_WATERMARK, NO_TIME } from '../../data/record-batch.ts';
import type { SnapshotTable } from '../../state/state-table.ts';
import type { Emit } from '../chain-links.ts';
import type { OperatorMetrics } from '../chain-metrics.ts';
import type { WindowDefinition } from '../operator-definition.ts';
import type { OperatorHost } from '../operator-host.ts';
import type { StatefulOperator } from '../stateful-operator.ts';
import { cleanupTime, lateFrom } from './lateness.ts';
import type { Pane } from './pane.ts';
import { type PaneFunctions, paneFunctions } from './pane-functions.ts';
import type { SliceGrid } from './slice-grid.ts';
import { SliceTable } from './slice-table.ts';
import type { Bucket } from './pane-table.ts';
import { WindowTable } from './window-table.ts';

/**
 * Aggregates per key and sliding window of event time, from accumulators per slice that a firing merges.
 *
 * It emits exactly what `WindowOperator` does, which is its twin and the oracle of its test. Windows that a restored
 * job opens again although they had gone hold panes of their own, since slices would show them what they had before.
 */
export class SlicedWindowOperator implements StatefulOperator {
  readonly tables: readonly SnapshotTable[];
  readonly #grid: SliceGrid;
  readonly #metrics: OperatorMetrics;
  readonly #functions: PaneFunctions;
  readonly #slices: SliceTable;
  /** Panes of windows that are not made of slices. */
  readonly #windows: WindowTable;
  readonly #latenessMs: number;
  readonly #emit: Emit;
  readonly #late: Emit;
  #key: Key | undefined;
  #watermark = MIN_WATERMARK;
  /** The slice that took the last record, and the times that it takes without further tests. */
  #openPanes: Bucket = new Map();
  #openFrom = Number.POSITIVE_INFINITY;
  #openTo = Number.NEGATIVE_INFINITY;
  /** The watermark from which on one of its windows has fired. */
  #openUntil = Number.NEGATIVE_INFINITY;
  #nextDue = Number.POSITIVE_INFINITY;

  constructor(
    definition: WindowDefinition,
    grid: SliceGrid,
    { host, metrics }: { readonly host: OperatorHost; readonly metrics: OperatorMetrics },
  ) {
    const columns = Object.entries(definition.aggregates);
    this.#grid = grid;
    this.#metrics = metrics;
    this.#latenessMs = definition.latenessMs;
    this.#functions = paneFunctions(columns);
    this.#slices = new SliceTable(columns, this.#functions, { grid, latenessMs: definition.latenessMs });
    this.#windows = new WindowTable(columns, this.#functions);
    this.tables = [this.#slices, this.#windows];
    this.#emit = host.emitter('main');
    this.#late = host.emitter('late');
  }

  get currentKey(): Key | undefined {
    return this.#key;
  }

  process(value: unknown, time: number, key: Key | undefined): void {
    this.#key = key;
    if (time >= this.#openFrom && time < this.#openTo) {
      // The way of nearly all records: the slice of the one before, none of whose windows has fired yet.
      const pane = this.#openPanes.get(key as Key); // input of windows is keyed
      if (pane !== undefined && pane.version >= this.#slices.version && pane.pending === 1) {
        this.#functions.add(pane, value);
        return;
      }
    }
    this.#assign(value, time, key as Key); // as above
  }

  advance(watermark: number): void {
    const before = this.#watermark;
    this.#watermark = watermark;
    this.#slices.watermark = watermark;
    if (watermark >= this.#openUntil) {
      this.#closeSlice();
    }
    if (watermark >= this.#nextDue) {
      this.#fireDue(before);
    }
  }

  tick(): void {
    // Windows of event time have nothing to do with the clock.
  }

  restored(): void {
    const panes = [...this.#slices.buckets.values()].flatMap((bucket) => [...bucket.values()]);
    for (const pane of panes) {
      this.#slices.reopened = Math.max(this.#slices.reopened, this.#slices.closedTo(pane));
    }
    for (const pane of panes) {
      this.#giveToReopened(pane);
    }
    this.#nextDue = MIN_WATERMARK;
  }

  /** Windows that have gone elsewhere and not in the subtask of this pane take over what it has for them. */
  #giveToReopened(pane: Pane): void {
    for (const end of this.#grid.windowsOf(pane.end)) {
      if (end > this.#slices.closedTo(pane) && end <= this.#slices.reopened) {
        const known = this.#windows.buckets.get(end)?.get(pane.key);
        const taker = known ?? this.#windows.insert(pane.key, end);
        const pending = this.#slices.isPending(pane, end) || (known?.pending ?? 0) === 1;
        this.#functions.merge(taker, pane);
        taker.pending = pending ? 1 : 0;
      }
    }
  }

  #assign(value: unknown, time: number, key: Key): void {
    if (time === NO_TIME) {
      throw new Error(
        'the record has no event time; give the source a "time", or a sink of its own without a window',
      );
    }
    const slice = this.#grid.sliceOf(time);
    // Windows fire the latest first, and the earliest are late first.
    const ends = this.#grid.windowsOf(slice).filter((end) => this.#cleanupAt(end) > this.#watermark);
    const [last] = ends;
    if (last === undefined) {
      if (lateFrom(time, this.#latenessMs) <= this.#watermark) {
        this.#metrics.lateRecords++;
        this.#late(value, time);
      }
      return;
    }
    if (last > this.#slices.reopened) {
      this.#addToSlice(slice, key, value);
    }
    for (const end of ends) {
      if (end <= this.#slices.reopened) {
        this.#addToWindow(end, key, value);
      }
      if (end - 1 <= this.#watermark) {
        this.#fireAgain(end, key);
      }
    }
  }

  #addToSlice(slice: number, key: Key, value: unknown): void {
    const pane = this.#slices.buckets.get(slice)?.get(key) ?? this.#slices.insert(key, slice);
    this.#slices.touch(pane);
    this.#functions.add(pane, value);
    pane.pending = 1;
    const first = this.#grid.firstWindowOf(slice);
    if (first - 1 > this.#watermark && first > this.#slices.reopened) {
      this.#openPanes = this.#slices.buckets.get(slice) ?? this.#openPanes;
      this.#openFrom = slice - this.#grid.sliceMs;
      this.#openTo = slice;
      this.#openUntil = first - 1;
    }
    this.#nextDue = Math.min(this.#nextDue, this.#dueOfSlice(slice));
  }

  #addToWindow(end: number, key: Key, value: unknown): void {
    const pane = this.#windows.buckets.get(end)?.get(key) ?? this.#windows.insert(key, end);
    this.#windows.touch(pane);
    this.#functions.add(pane, value);
    pane.pending = end - 1 <= this.#watermark ? 0 : 1;
    this.#nextDue = Math.min(this.#nextDue, this.#dueOfWindow(end));
  }

  #closeSlice(): void {
    this.#openFrom = Number.POSITIVE_INFINITY;
    this.#openTo = Number.NEGATIVE_INFINITY;
  }

  #fireDue(before: number): void {
    for (const end of this.#dueEnds(before)) {
      this.#fireAll(end);
    }
    this.#nextDue = Number.POSITIVE_INFINITY;
    for (const slice of this.#slices.buckets.keys()) {
      if (this.#cleanupAt(this.#grid.lastWindowOf(slice)) <= this.#watermark) {
        this.#slices.drop(slice);
      } else {
        this.#nextDue = Math.min(this.#nextDue, this.#dueOfSlice(slice));
      }
    }
    for (const end of this.#windows.buckets.keys()) {
      if (this.#cleanupAt(end) <= this.#watermark) {
        this.#windows.drop(end);
      } else {
        this.#nextDue = Math.min(this.#nextDue, this.#dueOfWindow(end));
      }
    }
  }

  /** Windows whose end the watermark has passed since `before`, the earliest first. */
  #dueEnds(before: number): readonly number[] {
    const due = (end: number): boolean => end - 1 > before && end - 1 <= this.#watermark;
    const ends = new Set<number>();
    for (const slice of this.#slices.buckets.keys()) {
      for (const end of this.#grid.windowsOf(slice)) {
        if (due(end)) {
          ends.add(end);
        }
      }
    }
    for (const end of this.#windows.buckets.keys()) {
      if (due(end)) {
        ends.add(end);
      }
    }
    return [...ends].sort((left, right) => left - right);
  }

  #fireAll(end: number): void {
    const merged: Bucket = new Map();
    for (const slice of end > this.#slices.reopened ? this.#grid.slicesOf(end) : []) {
      const bucket = this.#slices.buckets.get(slice);
      if (bucket !== undefined) {
        this.#mergeBucket(merged, bucket, end);
      }
    }
    for (const pane of this.#windows.buckets.get(end)?.values() ?? []) {
      this.#mergeInto(merged, pane, { end, pending: pane.pending === 1 });
      if (pane.pending === 1 && this.#latenessMs > 0) {
        this.#windows.touch(pane);
        pane.pending = 0;
      }
    }
    for (const pane of merged.values()) {
      if (pane.pending === 1) {
        this.#fire(pane);
      }
    }
  }

  #mergeBucket(merged: Bucket, bucket: Bucket, end: number): void {
    for (const pane of bucket.values()) {
      this.#mergeInto(merged, pane, { end, pending: this.#slices.isPending(pane, end) });
    }
  }

  #mergeInto(merged: Bucket, pane: Pane, { end, pending }: { end: number; pending: boolean }): void {
    let into = merged.get(pane.key);
    if (into === undefined) {
      into = this.#functions.create(0, pane.key, end);
      into.pending = 0;
      merged.set(pane.key, into);
    }
    this.#functions.merge(into, pane);
    if (pending) {
      into.pending = 1;
    }
  }

  /** Within the allowed lateness: the row of one key is sent again at once. */
  #fireAgain(end: number, key: Key): void {
    const merged = this.#functions.create(0, key, end);
    for (const slice of end > this.#slices.reopened ? this.#grid.slicesOf(end) : []) {
      const pane = this.#slices.buckets.get(slice)?.get(key);
      if (pane !== undefined) {
        this.#functions.merge(merged, pane);
      }
    }
    const own = this.#windows.buckets.get(end)?.get(key);
    if (own !== undefined) {
      this.#functions.merge(merged, own);
    }
    this.#fire(merged);
  }

  #fire(pane: Pane): void {
    this.#key = pane.key;
    this.#emit(this.#functions.row(pane, pane.end - this.#grid.sizeMs), pane.end - 1);
  }

  /** The next watermark at which a window of a slice fires or the slice goes. */
  #dueOfSlice(slice: number): number {
    const first = this.#grid.windowsOf(slice).findLast((end) => end - 1 > this.#watermark);
    return first === undefined ? this.#cleanupAt(this.#grid.lastWindowOf(slice)) : first - 1;
  }

  #dueOfWindow(end: number): number {
    return end - 1 > this.#watermark ? end - 1 : this.#cleanupAt(end);
  }

  #cleanupAt(end: number): number {
    return cleanupTime(end - 1, this.#latenessMs);
  }
}
