import { MAX_WATERMARK, NO_TIME, type RecordBatch, recordBatch } from '../data/record-batch.ts';
import { FrameWriter } from '../data/frame-writer.ts';
import { keyGroupOf, subtaskOf } from '../data/key-groups.ts';
import { isKey } from '../data/keys.ts';
import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import { type JobEdge, type JobGraph, jobGraph, type JobVertex } from '../graph/job-graph.ts';
import type { Clock } from '../host.ts';
import type { Chain, EdgeWriter, TimeOutput } from '../operators/chain.ts';
import type { ChainMetrics } from '../operators/chain-metrics.ts';
import { openChain } from '../operators/open-chain.ts';
import { keepsTimePerInput } from '../operators/operator-definition.ts';
import { InputTime } from '../runtime/input-time.ts';
import { originsOf, targetsOf } from '../runtime/wiring.ts';
import type { StateBackend } from '../state/entry-index.ts';
import type { SnapshotPart } from '../state/snapshot.ts';
import type { Outputs } from './captured-outputs.ts';
import { WrittenParts } from './written-parts.ts';

/** What a local job needs. */
export interface LocalJobOptions {
  readonly parallelism: number;
  readonly maxParallelism?: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly outputs: Outputs;
  readonly restored?: readonly SnapshotPart[];
  /** Hears of event time that has passed a subtask of a chain. */
  readonly onTime?: (vertex: JobVertex, subtask: number) => TimeOutput;
  /** Called when an answer of the outside world has come; then `work` goes on with it. */
  readonly wake?: () => void;
  /** Keeps the entries of keyed state of all subtasks; without it they are on the heap. */
  readonly backend?: StateBackend | undefined;
}

interface Subtask {
  readonly chain: Chain;
  readonly written: WrittenParts;
  readonly time: InputTime;
  /** By edge index and sending subtask: its channel; sources have the one channel ''. */
  readonly channels: ReadonlyMap<string, number>;
  open: number;
  ended: boolean;
  closed: boolean;
  turn: number;
}

/**
 * A whole job in one thread, in which a record runs through to the sinks before the next one enters.
 *
 * It uses the chains, valves, codecs, snapshots and key groups of a real job and leaves out threads, connectors and
 * storage. So a test is exact and needs no waiting.
 */
export class LocalJob {
  readonly #graph: JobGraph;
  readonly #options: LocalJobOptions;
  readonly #subtasks: Subtask[][];
  readonly #turns = new Map<string, number>();
  readonly #frame = new FrameWriter();

  constructor(graph: DataflowGraph, options: LocalJobOptions) {
    this.#graph = jobGraph(graph, options);
    this.#options = options;
    this.#subtasks = this.#graph.vertices.map(() => []);
    // From the end: restored operators may emit as soon as they are open.
    for (const [index, vertex] of [...this.#graph.vertices.entries()].toReversed()) {
      for (let subtask = 0; subtask < vertex.parallelism; subtask++) {
        this.#subtasks[index]?.push(this.#open(vertex, subtask));
      }
    }
  }

  /** Sends a record into a source; its subtasks take turns. */
  push(source: string, value: unknown, time = NO_TIME): void {
    const subtasks = this.#subtasksOf(source);
    const turn = this.#turns.get(source) ?? 0;
    this.#turns.set(source, turn + 1);
    subtasks[turn % subtasks.length]?.chain.processBatch(0, singleRecord(value, time));
  }

  /** Advances the event time of a source. */
  watermark(source: string, watermark: number): void {
    for (const { time } of this.#subtasksOf(source)) {
      time.watermark(0, watermark);
    }
  }

  /** A source has no records for now, or has some again. */
  idle(source: string, idle: boolean): void {
    for (const { time } of this.#subtasksOf(source)) {
      time.idle(0, idle);
    }
  }

  /** A source has come to its end: the highest watermark, and nothing after it. */
  end(source: string): void {
    for (const subtask of this.#subtasksOf(source)) {
      subtask.time.watermark(0, MAX_WATERMARK);
      this.#endChannel(subtask);
    }
    this.#closeDrained();
  }

  /** Fires what is due by the clock. */
  tick(): void {
    for (const { chain, closed } of this.#subtasks.flat()) {
      if (!closed) {
        chain.processTime(this.#options.clock.now());
      }
    }
    this.work();
  }

  /** Goes on with answers of the outside world that have come; true when there were some. */
  work(): boolean {
    let worked = false;
    for (const { chain, closed } of this.#subtasks.flat()) {
      if (!closed && chain.work()) {
        worked = true;
      }
    }
    this.#closeDrained();
    return worked;
  }

  /** True while an operator waits for the outside world before it takes more. */
  get blocked(): boolean {
    return this.#subtasks.flat().some(({ chain }) => chain.blocked);
  }

  /** True when nobody waits for the outside world. */
  get drained(): boolean {
    return this.waiting.length === 0;
  }

  /** The operators that wait for the outside world; only heads of chains do. */
  get waiting(): readonly string[] {
    return this.#graph.vertices.flatMap(({ nodes }, index) => {
      const drained = this.#subtasks[index]?.every(({ chain }) => chain.drained) !== false;
      return drained ? [] : nodes.slice(0, 1).map(({ name }) => name);
    });
  }

  /** The state of the whole job; nothing is under way between two calls. */
  snapshot(): readonly SnapshotPart[] {
    return this.#subtasks
      .flat()
      .flatMap(({ chain, written }) => written.add(chain, () => this.#options.clock.now()));
  }

  get metrics(): readonly ChainMetrics[] {
    return this.#subtasks.flat().map(({ chain }) => chain.metrics);
  }

  /** Records that came too late, of one operator or of all. */
  lateRecords(operator?: string): number {
    return this.metrics
      .flatMap(({ operators }) => operators)
      .filter(({ operatorName }) => operator === undefined || operatorName === operator)
      .reduce((late, { lateRecords }) => late + lateRecords, 0);
  }

  #open(vertex: JobVertex, subtask: number): Subtask {
    const { clock, random, outputs, restored, wake, backend } = this.#options;
    const written = new WrittenParts(vertex, subtask, restored);
    const chain = openChain(vertex, {
      subtask,
      clock,
      random,
      time: this.#timeOutput(vertex, subtask),
      wake: wake ?? (() => undefined),
      outputs: vertex.outputs.map((edge) => this.#writer(edge, subtask)),
      sinkWriter: (node) => outputs.writer(node, subtask),
      ...(backend === undefined ? {} : { backend }),
      ...(written.restored === undefined ? {} : { restored: written.restored }),
    });
    const channels = vertex.inputs.flatMap((edge, input) =>
      originsOf(this.#graph, edge, subtask).map((from) => ({ way: wayOf(edge, from), input })),
    );
    const inputs = channels.length === 0 ? [{ way: '', input: 0 }] : channels;
    const time = new InputTime(
      {
        inputs: inputs.map(({ input }) => input),
        separate: keepsTimePerInput(vertex.nodes[0]?.definition),
      },
      {
        watermark: (watermark) => chain.processWatermark(watermark),
        idle: (idle) => chain.processIdle(idle),
      },
    );
    return {
      chain,
      written,
      time,
      channels: new Map(inputs.map(({ way }, channel) => [way, channel])),
      open: inputs.length,
      ended: false,
      closed: false,
      turn: 0,
    };
  }

  /** What has passed one subtask reaches the channels of those behind it. */
  #timeOutput(vertex: JobVertex, subtask: number): TimeOutput {
    const listener = this.#options.onTime?.(vertex, subtask);
    const each = (call: (time: InputTime, channel: number) => void): void => {
      for (const edge of vertex.outputs) {
        for (const { time, channels } of this.#readers(edge, subtask)) {
          call(time, channels.get(wayOf(edge, subtask)) ?? 0);
        }
      }
    };
    return {
      watermark: (watermark) => {
        listener?.watermark(watermark);
        each((time, channel) => time.watermark(channel, watermark));
      },
      idle: (idle) => {
        listener?.idle(idle);
        each((time, channel) => time.idle(channel, idle));
      },
    };
  }

  #readers(edge: JobEdge, from: number): readonly Subtask[] {
    return targetsOf(this.#graph, edge, from).flatMap((to) => this.#subtasks[edge.to]?.[to] ?? []);
  }

  #endChannel(subtask: Subtask): void {
    subtask.open--;
    if (subtask.open === 0 && !subtask.ended) {
      subtask.ended = true;
      subtask.chain.endInput();
    }
  }

  /** A subtask that has ended and owes nothing ends the channels behind it. */
  #closeDrained(): void {
    for (const [index, vertex] of this.#graph.vertices.entries()) {
      for (const [from, subtask] of (this.#subtasks[index] ?? []).entries()) {
        if (subtask.ended && !subtask.closed && subtask.chain.drained) {
          subtask.closed = true;
          for (const edge of vertex.outputs) {
            this.#readers(edge, from).forEach((reader) => this.#endChannel(reader));
          }
        }
      }
    }
  }

  #writer(edge: JobEdge, from: number): EdgeWriter {
    return {
      write: (value, time) => {
        const target = this.#graph.vertices[edge.to];
        const input = target?.inputs.indexOf(edge) ?? 0;
        for (const index of this.#targets(edge, from, value)) {
          const sent = this.#crossed(edge, singleRecord(value, time));
          this.#subtasks[edge.to]?.[index]?.chain.processBatch(input, sent);
        }
      },
    };
  }

  /** In a job on several threads a record becomes bytes where it may change its subtask; here it always does. */
  #crossed(edge: JobEdge, batch: RecordBatch): RecordBatch {
    if (edge.exchange !== 'forward') {
      edge.codec.encodeBatch(batch, 0, batch.size, this.#frame);
      edge.codec.decodeFrame(this.#frame.finish(), batch);
    }
    return batch;
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
        const key = (edge.key as (value: unknown) => unknown)(value);
        // What is no key is refused by the operator behind the edge.
        const keyGroup = isKey(key) ? keyGroupOf(key, maxParallelism) : 0;
        return [subtaskOf(keyGroup, maxParallelism, parallelism)];
      }
      case 'rebalance': {
        const subtask = this.#subtasks[edge.from]?.[from];
        return [subtask === undefined ? 0 : subtask.turn++ % parallelism];
      }
    }
  }

  #subtasksOf(source: string): readonly Subtask[] {
    const vertex = this.#graph.vertices.findIndex(
      ({ nodes: [head] }) => head?.name === source && head.kind === 'source',
    );
    if (vertex < 0) {
      const known = this.#graph.vertices.flatMap(({ nodes: [head] }) =>
        head?.kind === 'source' ? [`"${head.name}"`] : [],
      );
      throw new Error(`Cannot send to source "${source}": the application has ${known.join(', ')}`);
    }
    return this.#subtasks[vertex] ?? [];
  }
}

function wayOf(edge: JobEdge, from: number): string {
  return `${edge.index}/${from}`;
}

function singleRecord(value: unknown, time: number): RecordBatch {
  const batch = recordBatch(1);
  batch.values[0] = value;
  batch.times[0] = time;
  batch.size = 1;
  return batch;
}
