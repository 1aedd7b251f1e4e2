import { keyGroupOf, subtaskOf } from '../data/key-groups.ts';
import { MIN_WATERMARK, NO_TIME, type RecordBatch, recordBatch } from '../data/record-batch.ts';
import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import { type JobEdge, type JobGraph, jobGraph, type JobVertex } from '../graph/job-graph.ts';
import type { Clock } from '../host.ts';
import type { Chain, EdgeWriter } from '../operators/chain.ts';
import type { ChainMetrics } from '../operators/chain-metrics.ts';
import { openChain } from '../operators/open-chain.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import type { CapturedOutputs } from './captured-outputs.ts';

/** What a local job needs. */
export interface LocalJobOptions {
  readonly parallelism: number;
  readonly maxParallelism?: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly outputs: CapturedOutputs;
  readonly restored?: readonly SnapshotPart[];
}

interface Subtask {
  readonly chain: Chain;
  /** The watermark of every channel: edge index and sending subtask. */
  readonly channels: Map<string, number>;
  turn: number;
}

/**
 * A whole job in one thread, in which a record runs through to the sinks before the next one enters.
 *
 * It uses the chains, snapshots and key groups of a real job and leaves out threads, connectors and storage. So a
 * test is exact and needs no waiting. Records stay objects: no codec is on their way.
 */
export class LocalJob {
  readonly #graph: JobGraph;
  readonly #options: LocalJobOptions;
  readonly #subtasks: Subtask[][] = [];
  readonly #turns = new Map<string, number>();

  constructor(graph: DataflowGraph, options: LocalJobOptions) {
    this.#graph = jobGraph(graph, options);
    this.#options = options;
    for (const vertex of this.#graph.vertices) {
      this.#subtasks.push(
        Array.from({ length: vertex.parallelism }, (_, index) => this.#open(vertex, index)),
      );
    }
  }

  /** Sends a record into a source; its subtasks take turns. */
  push(source: string, value: unknown, time = NO_TIME): void {
    const subtasks = this.#subtasks[this.#vertexOf(source)] ?? [];
    const turn = this.#turns.get(source) ?? 0;
    this.#turns.set(source, turn + 1);
    subtasks[turn % subtasks.length]?.chain.processBatch(0, singleRecord(value, time));
  }

  /** Advances the event time of a source. */
  watermark(source: string, watermark: number): void {
    const vertex = this.#vertexOf(source);
    for (const [index, { chain }] of (this.#subtasks[vertex] ?? []).entries()) {
      chain.processWatermark(watermark);
      this.#forwardWatermark(vertex, index, watermark);
    }
  }

  /** Fires what is due by the clock. */
  tick(): void {
    for (const subtask of this.#subtasks.flat()) {
      subtask.chain.processTime(this.#options.clock.now());
    }
  }

  /** The state of the whole job; nothing is under way between two calls. */
  snapshot(): readonly SnapshotPart[] {
    return this.#subtasks.flat().flatMap(({ chain }) => {
      const cursor = chain.beginSnapshot(1);
      while (!cursor.step(this.#options.clock.now())) {
        // One slice after the other, as a runtime does between batches.
      }
      return cursor.take();
    });
  }

  get metrics(): readonly ChainMetrics[] {
    return this.#subtasks.flat().map(({ chain }) => chain.metrics);
  }

  #open(vertex: JobVertex, subtask: number): Subtask {
    const { clock, random, outputs, restored } = this.#options;
    const chain = openChain(vertex, {
      subtask,
      clock,
      random,
      outputs: vertex.outputs.map((edge) => this.#writer(edge, subtask)),
      sinkWriter: (node) => outputs.writer(node),
      ...(restored === undefined
        ? {}
        : {
            restored: {
              parts: (operatorId: string) => restored.filter((part) => part.operatorId === operatorId),
            },
          }),
    });
    return { chain, channels: new Map(), turn: 0 };
  }

  #writer(edge: JobEdge, from: number): EdgeWriter {
    return {
      write: (value, time) => {
        const target = this.#graph.vertices[edge.to];
        const batch = singleRecord(value, time);
        for (const index of this.#targets(edge, from, value)) {
          this.#subtasks[edge.to]?.[index]?.chain.processBatch(target?.inputs.indexOf(edge) ?? 0, batch);
        }
      },
    };
  }

  /** The subtasks that a record goes to. */
  #targets(edge: JobEdge, from: number, value: unknown): readonly number[] {
    const { parallelism = 1, maxParallelism = 1 } = this.#graph.vertices[edge.to] ?? {};
    switch (edge.exchange) {
      case 'forward':
        return [from];
      case 'broadcast':
        return Array.from({ length: parallelism }, (_, index) => index);
      case 'hash': {
        // The graph joins only what fits; an edge that hashes has a key.
        const key = (edge.key as ((value: unknown) => string) | undefined)?.(value) ?? '';
        return [subtaskOf(keyGroupOf(key, maxParallelism), maxParallelism, parallelism)];
      }
      case 'rebalance': {
        const subtask = this.#subtasks[edge.from]?.[from];
        return [subtask === undefined ? 0 : subtask.turn++ % parallelism];
      }
    }
  }

  #forwardWatermark(vertex: number, from: number, watermark: number): void {
    for (const edge of this.#graph.vertices[vertex]?.outputs ?? []) {
      for (const [index, subtask] of (this.#subtasks[edge.to] ?? []).entries()) {
        if (edge.exchange !== 'forward' || index === from) {
          subtask.channels.set(`${edge.index}/${from}`, watermark);
          this.#advance(edge.to, index);
        }
      }
    }
  }

  /** A subtask's event time is that of its slowest channel. */
  #advance(vertex: number, index: number): void {
    const subtask = this.#subtasks[vertex]?.[index];
    const inputs = this.#graph.vertices[vertex]?.inputs ?? [];
    if (subtask === undefined) {
      return;
    }
    const channels = inputs.flatMap((edge) => {
      const senders = edge.exchange === 'forward' ? [index] : (this.#subtasks[edge.from] ?? []).keys();
      return Array.from(senders, (from) => subtask.channels.get(`${edge.index}/${from}`) ?? MIN_WATERMARK);
    });
    const watermark = Math.min(...channels);
    if (watermark > MIN_WATERMARK) {
      subtask.chain.processWatermark(watermark);
      this.#forwardWatermark(vertex, index, watermark);
    }
  }

  #vertexOf(source: string): number {
    const vertex = this.#graph.vertices.findIndex(
      ({ nodes: [head] }) => head?.name === source && head.kind === 'source',
    );
    if (vertex < 0) {
      const known = this.#graph.vertices.flatMap(({ nodes: [head] }) =>
        head?.kind === 'source' ? [`"${head.name}"`] : [],
      );
      throw new Error(`Cannot send to source "${source}": the application has ${known.join(', ')}`);
    }
    return vertex;
  }
}

function singleRecord(value: unknown, time: number): RecordBatch {
  const batch = recordBatch(1);
  batch.values[0] = value;
  batch.times[0] = time;
  batch.size = 1;
  return batch;
}
