import type { UndecodableRecord } from '../connectors/connector.ts';
import { MIN_WATERMARK, NO_TIME, type RecordBatch } from '../data/record-batch.ts';
import type { Clock } from '../host.ts';
import type { StateOwner } from '../state/chunk.ts';
import { TableSnapshot } from '../state/operator-state.ts';
import type { SnapshotCursor } from '../state/snapshot.ts';
import type { Chain, ChainNode } from './chain.ts';
import { type BatchLoop, chainError, type ChainLink, type ChainLinks, type Emit } from './chain-links.ts';
import type { ChainMetrics } from './chain-metrics.ts';
import type { StatefulOperator } from './stateful-operator.ts';

/** The compiled parts of a chain. */
export interface ChainParts {
  readonly links: ChainLinks;
  /** One per input of the vertex. */
  readonly loops: readonly BatchLoop[];
  readonly undecodable: Emit;
  ownerOf(node: ChainNode): StateOwner;
  readonly clock: Clock;
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
  #watermark = MIN_WATERMARK;

  constructor(parts: ChainParts) {
    this.#parts = parts;
    this.metrics = { operators: parts.links.nodes.map((link) => link.metrics) };
    this.#timed = parts.links.nodes.flatMap((link) =>
      link.operator === undefined ? [] : [{ link, operator: link.operator }],
    );
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
    for (const { metrics } of this.#parts.links.nodes) {
      metrics.currentWatermark = watermark;
    }
    this.#each((operator) => operator.advance(watermark));
  }

  processTime(now: number): void {
    this.#each((operator) => operator.tick(now));
  }

  endInput(): void {
    // Event time has ended with the last watermark; processing-time timers that wait are dropped, as in Flink.
  }

  beginSnapshot(): SnapshotCursor {
    const tables = this.#timed.flatMap(({ link, operator }) => {
      const owner = this.#parts.ownerOf(link.node);
      return operator.tables.map((table) => ({ owner, table }));
    });
    return new TableSnapshot(tables, this.#parts.clock);
  }

  notifyCheckpointComplete(): void {
    // No operator of today waits for it; transactional sinks will.
  }

  close(): void {
    // Operators hold nothing but memory; sink writers belong to the subtask.
  }

  #each(call: (operator: StatefulOperator) => void): void {
    for (const { link, operator } of this.#timed) {
      try {
        call(operator);
      } catch (error) {
        throw chainError(link, error, undefined);
      }
    }
    this.#countEntries();
  }

  #countEntries(): void {
    for (const { link, operator } of this.#timed) {
      let entries = 0;
      for (const table of operator.tables) {
        entries += table.entryCount;
      }
      link.metrics.stateEntries = entries;
    }
  }
}
