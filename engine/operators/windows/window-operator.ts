/** Speed: bench/pipeline.ts; buckets per window end are 4 times faster than Flink's window operator transliterated. */
import type { Key } from '../../data/key-groups.ts';
import { MIN_WATERMARK, NO_TIME } from '../../data/record-batch.ts';
import type { SnapshotTable } from '../../state/state-table.ts';
import type { OperatorMetrics } from '../chain-metrics.ts';
import type { Emit } from '../chain-links.ts';
import type { WindowDefinition } from '../operator-definition.ts';
import { cleanupTime, lateFrom } from './lateness.ts';
import type { Pane } from './pane.ts';
import { type PaneFunctions, paneFunctions } from './pane-functions.ts';
import type { OperatorHost } from '../operator-host.ts';
import type { StatefulOperator } from '../stateful-operator.ts';
import { type WindowEnds, windowEnds } from './window-assigner.ts';
import type { Bucket } from './pane-table.ts';
import { WindowTable } from './window-table.ts';

/**
 * Aggregates per key and event-time window.
 *
 * A window fires when the watermark reaches its end - 1, and again for every record that comes within the allowed
 * lateness; its rows have that time. A record all of whose windows are past that goes to the output `late`.
 * Source: Flink's `WindowOperator` with its event-time trigger; `test` names the cases.
 */
export class WindowOperator implements StatefulOperator {
  readonly tables: readonly SnapshotTable[];
  readonly #metrics: OperatorMetrics;
  readonly #table: WindowTable;
  readonly #functions: PaneFunctions;
  readonly #sizeMs: number;
  readonly #latenessMs: number;
  readonly #earlyMs: number | undefined;
  readonly #ends: WindowEnds;
  readonly #emit: Emit;
  readonly #late: Emit;
  readonly #singleWindow: boolean;
  #key: Key | undefined;
  #watermark = MIN_WATERMARK;
  /** The bucket that took the last record, and the times that it takes without further tests. */
  #openPanes: Bucket = new Map();
  #openFrom = Number.POSITIVE_INFINITY;
  #openTo = Number.NEGATIVE_INFINITY;
  /** The watermark at which something is to be fired or dropped next. */
  #nextDue = Number.POSITIVE_INFINITY;
  #changed: Pane[] = [];
  #nextEarly = Number.NEGATIVE_INFINITY;

  constructor(definition: WindowDefinition, host: OperatorHost, metrics: OperatorMetrics) {
    const columns = Object.entries(definition.aggregates);
    this.#metrics = metrics;
    this.#functions = paneFunctions(columns);
    this.#table = new WindowTable(columns, this.#functions);
    this.tables = [this.#table];
    this.#sizeMs = definition.assigner.sizeMs;
    this.#singleWindow = definition.assigner.kind === 'tumbling';
    this.#latenessMs = definition.latenessMs;
    this.#earlyMs = definition.earlyMs;
    this.#ends = windowEnds(definition.assigner);
    this.#emit = host.emitter('main');
    this.#late = host.emitter('late');
  }

  get currentKey(): Key | undefined {
    return this.#key;
  }

  process(value: unknown, time: number, key: Key | undefined): void {
    this.#key = key;
    if (time >= this.#openFrom && time < this.#openTo) {
      // The way of nearly all records: the window of the one before, which has not fired yet.
      const pane = this.#openPanes.get(key as Key); // input of windows is keyed
      if (pane !== undefined && pane.version >= this.#table.version && pane.pending === 1) {
        this.#functions.add(pane, value);
        if (pane.changed === 0 && this.#earlyMs !== undefined) {
          this.#markChanged(pane);
        }
        return;
      }
    }
    this.#assign(value, time, key as Key);
  }

  advance(watermark: number): void {
    this.#watermark = watermark;
    if (watermark >= this.#openTo - 1) {
      this.#closeBucket();
    }
    if (watermark >= this.#nextDue) {
      this.#fireDue();
    }
  }

  tick(now: number): void {
    if (this.#earlyMs === undefined || now < this.#nextEarly) {
      return;
    }
    this.#nextEarly = (Math.floor(now / this.#earlyMs) + 1) * this.#earlyMs;
    const changed = this.#changed;
    this.#changed = [];
    for (const pane of changed) {
      // Panes whose window fired meanwhile have sent their final row.
      if (pane.changed === 1) {
        this.#fire(pane);
      }
    }
  }

  restored(): void {
    for (const [end, bucket] of this.#table.buckets) {
      this.#nextDue = Math.min(this.#nextDue, this.#dueAt(end, bucket));
      for (const pane of this.#earlyMs === undefined ? [] : bucket.values()) {
        this.#markChanged(pane);
      }
    }
  }

  #assign(value: unknown, time: number, key: Key): void {
    if (time === NO_TIME) {
      throw new Error(
        'the record has no event time; give the source a "time", or a sink of its own without a window',
      );
    }
    let inTime = false;
    for (const end of this.#ends(time)) {
      if (end - 1 + this.#latenessMs > this.#watermark) {
        inTime = true;
        this.#addTo(end, key, value);
      }
    }
    if (!inTime && lateFrom(time, this.#latenessMs) <= this.#watermark) {
      this.#metrics.lateRecords++;
      this.#late(value, time);
    }
  }

  #addTo(end: number, key: Key, value: unknown): void {
    const known = this.#table.buckets.get(end)?.get(key);
    const pane = known ?? this.#table.insert(key, end);
    this.#table.touch(pane);
    this.#functions.add(pane, value);
    if (end - 1 <= this.#watermark) {
      // Within the allowed lateness: the row is sent again at once.
      pane.pending = 0;
      this.#nextDue = Math.min(this.#nextDue, this.#cleanupAt(end));
      return this.#fire(pane);
    }
    pane.pending = 1;
    this.#nextDue = Math.min(this.#nextDue, end - 1);
    if (this.#earlyMs !== undefined && pane.changed === 0) {
      this.#markChanged(pane);
    }
    if (this.#singleWindow) {
      this.#openPanes = this.#table.buckets.get(end) ?? this.#openPanes;
      this.#openFrom = end - this.#sizeMs;
      this.#openTo = end;
    }
  }

  #markChanged(pane: Pane): void {
    pane.changed = 1;
    this.#changed.push(pane);
  }

  #closeBucket(): void {
    this.#openFrom = Number.POSITIVE_INFINITY;
    this.#openTo = Number.NEGATIVE_INFINITY;
  }

  #fireDue(): void {
    this.#nextDue = Number.POSITIVE_INFINITY;
    const buckets = [...this.#table.buckets].sort(([left], [right]) => left - right);
    for (const [end, bucket] of buckets) {
      if (end - 1 <= this.#watermark) {
        this.#firePending(bucket);
      }
      if (this.#cleanupAt(end) <= this.#watermark) {
        this.#table.drop(end);
      } else {
        this.#nextDue = Math.min(this.#nextDue, end - 1 > this.#watermark ? end - 1 : this.#cleanupAt(end));
      }
    }
  }

  #firePending(bucket: Bucket): void {
    for (const pane of bucket.values()) {
      if (pane.pending === 1) {
        // Without lateness the bucket goes right after this, so nothing of it needs to be remembered.
        if (this.#latenessMs > 0) {
          this.#table.touch(pane);
          pane.pending = 0;
        }
        this.#fire(pane);
      }
    }
  }

  #fire(pane: Pane): void {
    pane.changed = 0;
    this.#key = pane.key;
    this.#emit(this.#functions.row(pane, pane.end - this.#sizeMs), pane.end - 1);
  }

  /** When a restored window is due: at its end if it has to fire, else when it goes. */
  #dueAt(end: number, bucket: Bucket): number {
    return bucket.values().some((pane) => pane.pending === 1) ? end - 1 : this.#cleanupAt(end);
  }

  #cleanupAt(end: number): number {
    return cleanupTime(end - 1, this.#latenessMs);
  }
}
