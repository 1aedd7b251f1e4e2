import type { FrameReader } from '../../data/frame-reader.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import type { Key } from '../../data/key-groups.ts';
import { type ChangeList, DirtyList } from '../../state/dirty-list.ts';
import type { EntryFields } from '../../state/entry-view.ts';
import { JoinedIterator } from '../../state/joined-iterator.ts';
import { ownKey } from '../../state/own-key.ts';
import { StateTable } from '../../state/state-table.ts';
import type { Pane } from './pane.ts';
import type { PaneFunctions } from './pane-functions.ts';

/** The panes of one end, by key. */
export type Bucket = Map<Key, Pane>;

/**
 * Panes in one bucket per end, so that all of an end go as a whole: no timer per key and end, and one word for all of
 * them to the next snapshot.
 *
 * Contract: a dropped bucket is never changed again; a snapshot on its way still holds it and writes it in its turn.
 */
export abstract class PaneTable extends StateTable<Pane> {
  readonly buckets = new Map<number, Bucket>();
  readonly #functions: PaneFunctions;
  readonly #changes: PaneChanges;
  /** The version at which a bucket was opened. */
  readonly #openedAt = new Map<number, number>();
  #size = 0;

  constructor(functions: PaneFunctions) {
    const changes = new PaneChanges();
    super(changes);
    this.#changes = changes;
    this.#functions = functions;
  }

  get entryCount(): number {
    return this.#size;
  }

  insert(key: Key, end: number): Pane {
    const pane = this.#functions.create(this.version + 1, ownKey(key), end);
    const bucket = this.buckets.get(end);
    if (bucket === undefined) {
      this.buckets.set(end, new Map([[pane.key, pane]]));
      this.#openedAt.set(end, this.version);
    } else {
      bucket.set(pane.key, pane);
    }
    this.#size++;
    this.born(pane);
    return pane;
  }

  drop(end: number): void {
    const bucket = this.buckets.get(end);
    if (bucket === undefined) {
      return;
    }
    if (this.#openedAt.get(end) !== this.version) {
      this.dropped((out) => out.f64(end));
    }
    this.#changes.drop(end);
    this.#forget(end, bucket);
  }

  override writeId(out: FrameWriter, pane: Pane): void {
    out.f64(pane.end);
  }

  /** A pane out of a snapshot; one that is not kept is made only so that what follows it can be read. */
  protected restoredPane(key: Key, end: number, keep: boolean): Pane {
    if (!keep) {
      return this.#functions.create(0, key, end);
    }
    if (this.buckets.get(end)?.delete(key) === true) {
      this.#size--;
    }
    return this.insert(key, end);
  }

  /** Takes the panes of an end out that a restore has read. */
  protected readDrop(from: FrameReader, isWriters: (key: Key) => boolean): void {
    const end = from.f64();
    const bucket = this.buckets.get(end);
    for (const key of bucket?.keys() ?? []) {
      if (isWriters(key) && bucket?.delete(key) === true) {
        this.#size--;
      }
    }
    if (bucket?.size === 0) {
      this.#forget(end, bucket);
    }
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
    // The buckets of now: those that are dropped meanwhile are still owed.
    const buckets = [...this.buckets.values()];
    return new JoinedIterator(() => buckets.shift()?.values());
  }

  #forget(end: number, bucket: Bucket): void {
    this.#size -= bucket.size;
    this.buckets.delete(end);
    this.#openedAt.delete(end);
  }
}

/** What has changed, by end: whatever is dropped takes its changes along. Panes never go one by one. */
class PaneChanges implements ChangeList<Pane> {
  readonly #byEnd = new Map<number, DirtyList<Pane>>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(pane: Pane): void {
    let list = this.#byEnd.get(pane.end);
    if (list === undefined) {
      list = new DirtyList<Pane>(() => false);
      this.#byEnd.set(pane.end, list);
    }
    list.add(pane);
    this.#length++;
  }

  drop(end: number): void {
    this.#length -= this.#byEnd.get(end)?.length ?? 0;
    this.#byEnd.delete(end);
  }

  compact(): void {
    // Nothing in it is gone.
  }

  take(): Iterator<Pane> {
    const lists = [...this.#byEnd.values()].map((list) => list.take());
    this.clear();
    return new JoinedIterator(() => lists.shift());
  }

  clear(): void {
    this.#byEnd.clear();
    this.#length = 0;
  }
}
