import type { UndecodableRecord } from '../connectors/connector.ts';
import { MIN_WATERMARK, NO_TIME, type RecordBatch } from '../data/record-batch.ts';
import type { Clock } from '../host.ts';
import type { StateBackend } from '../state/entry-index.ts';
import { type OwnedTable, TableSnapshot } from '../state/operator-state.ts';
import type { SnapshotCursor, SnapshotExtent } from '../state/snapshot.ts';
import type { Chain, TimeOutput } from './chain.ts';
import { type BatchLoop, chainError, type ChainLink, type ChainLinks, type Emit } from './chain-links.ts';
import type { ChainMetrics } from './chain-metrics.ts';
import { isPacing, type PacingOperator, type StatefulOperator } from './stateful-operator.ts';

/** The compiled parts of a chain. */
export interface ChainParts {
  readonly links: ChainLinks;
  /** One per input of the vertex. */
  readonly loops: readonly BatchLoop[];
  readonly undecodable: Emit;
  /** Of all operators. */
  readonly tables: readonly OwnedTable[];
  readonly clock: Clock;
  /** What a pacing head lets pass; `listener` is set to the chain's own way on. */
  readonly passed: { listener: TimeOutput };
  readonly time: TimeOutput;
  readonly backend: StateBackend | undefined;
}

/** A link whose operator hears of time. */
interface TimedLink {
  readonly link: ChainLink;
  readonly operator: StatefulOperator;
}

/** A chain that was opened: sends batches and time through its compiled parts. */
export class RunningChain implements Chain {
  readonly metrics: ChainMetrics;
  readonly #parts: ChainParts;
  /** Head first, so that what an operator fires by a watermark meets operators that have not yet passed it. */
  readonly #timed: readonly TimedLink[];
  readonly #pacer: { readonly link: ChainLink; readonly operator: PacingOperator } | undefined;
  #watermark = MIN_WATERMARK;
  #passed = MIN_WATERMARK;

  constructor(parts: ChainParts) {
    this.#parts = parts;
    this.metrics = { operators: parts.links.nodes.map((link) => link.metrics) };
    this.#timed = parts.links.nodes.flatMap((link) =>
      link.operator === undefined ? [] : [{ link, operator: link.operator }],
    );
    const head = parts.links.nodes[0];
    this.#pacer =
      head !== undefined && isPacing(head.operator) ? { link: head, operator: head.operator } : undefined;
    parts.passed.listener = {
      watermark: (watermark) => this.#pass(watermark),
      idle: (idle) => parts.time.idle(idle),
    };
    this.#countEntries();
  }

  processBatch(input: number, batch: RecordBatch): void {
    const loop = this.#parts.loops[input];
    if (loop === undefined) {
      throw new Error(
        `Chain "${this.#parts.links.name}" has ${this.#parts.loops.length} inputs, none of index ${input}`,
      );
    }
    loop(batch);
    this.#countEntries();
  }

  processUndecodable(records: readonly UndecodableRecord[]): void {
    for (const record of records) {
      this.#parts.undecodable(record, NO_TIME);
    }
  }

  processWatermark(watermark: number): void {
    if (watermark <= this.#watermark) {
      return;
    }
    this.#watermark = watermark;
    const pacer = this.#pacer;
    if (pacer === undefined) {
      this.#pass(watermark);
    } else {
      pacer.link.metrics.currentWatermark = watermark;
      this.#call(pacer, (operator) => operator.advance(watermark));
    }
  }

  processIdle(idle: boolean): void {
    if (this.#pacer === undefined) {
      this.#parts.time.idle(idle);
    } else {
      this.#pacer.operator.idle(idle);
    }
  }

  get blocked(): boolean {
    return this.#pacer?.operator.blocked === true;
  }

  work(): boolean {
    const worked =
      this.#pacer !== undefined && this.#call(this.#pacer, () => this.#pacer?.operator.work() === true);
    // Between two batches no operator holds an entry in its hands.
    return this.#parts.backend?.maintain() === true || worked;
  }

  get drained(): boolean {
    return this.#pacer === undefined || this.#pacer.operator.drained;
  }

  processTime(now: number): void {
    this.#each((operator) => operator.tick(now));
  }

  endInput(): void {
    // Event time has ended with the last watermark; processing-time timers that wait are dropped, as in Flink.
  }

  get tables(): readonly OwnedTable[] {
    return this.#parts.tables;
  }

  beginSnapshot(_checkpointId: number, extent?: SnapshotExtent): SnapshotCursor {
    return new TableSnapshot(this.tables, this.#parts.clock, extent);
  }

  notifyCheckpointComplete(): void {
    // No operator of today waits for it; transactional sinks will.
  }

  close(): void {
    // Other operators hold nothing but memory; sink writers belong to the subtask.
    this.#pacer?.operator.close?.();
  }

  /** Event time reaches every operator behind the pacing one, if there is one, and then whoever reads the chain. */
  #pass(watermark: number): void {
    // Calls of a snapshot bring their watermarks with them, and a source that begins anew may be behind those.
    if (watermark > this.#passed) {
      this.#passed = watermark;
      this.#advance(watermark);
    }
    this.#parts.time.watermark(watermark);
  }

  #advance(watermark: number): void {
    for (const { metrics, operator } of this.#parts.links.nodes) {
      if (!isPacing(operator)) {
        metrics.currentWatermark = watermark;
      }
    }
    this.#each((operator) => {
      if (!isPacing(operator)) {
        operator.advance(watermark);
      }
    });
  }

  #each(call: (operator: StatefulOperator) => void): void {
    for (const timed of this.#timed) {
      this.#call(timed, call);
    }
    this.#countEntries();
  }

  #call<R>({ link, operator }: TimedLink, call: (operator: StatefulOperator) => R): R {
    try {
      return call(operator);
    } catch (error) {
      throw chainError(link, error, undefined);
    }
  }

  #countEntries(): void {
    for (const { link, operator } of this.#timed) {
      let [entries, bytes] = [0, 0];
      for (const table of operator.tables) {
        entries += table.entryCount;
        bytes += table.stateBytes;
      }
      link.metrics.stateEntries = entries;
      link.metrics.stateBytes = bytes;
    }
  }
}
