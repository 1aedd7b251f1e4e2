import { setImmediate as nextTurn } from 'node:timers/promises';
import { MAX_WATERMARK } from '../data/record-batch.ts';
import type { DataflowGraph } from '../graph/dataflow-graph.ts';
import { type JobEdge, type JobGraph, jobGraph } from '../graph/job-graph.ts';
import { edgeWriter } from '../runtime/edge-writer.ts';
import { END, NOTHING, RECORDS, WATERMARK } from '../runtime/element.ts';
import { OperatorSubtask } from '../runtime/operator-subtask.ts';
import { PartAllowance } from '../runtime/part-allowance.ts';
import type { SubtaskContext } from '../runtime/subtask.ts';
import { localWiring, type Wiring } from '../runtime/wiring.ts';
import type { CapturedRecord } from '../testing/captured-outputs.ts';
import { ManualClock } from '../testing/manual-clock.ts';
import { MAX_PARALLELISM, type OperatorUnderTest, type RunOutput, sinksOf } from './job-run.contract.ts';
import type { Step } from './operator-script.contract.ts';

/** How the subtasks of a slot are fed and read. */
export interface SlotRunOptions {
  /** Records of a batch. */
  readonly batch: number;
  /** True: a round is given at once, and readers take one element only when the operators can do no more. */
  readonly blocked: boolean;
}

/** What a run gave, how often a subtask had to wait for its reader, and how often it went on nevertheless. */
export interface SlotRunResult {
  readonly output: RunOutput;
  readonly blocked: number;
  readonly overruns: number;
}

/** The script through the subtasks and channels of a real slot, in batches and against readers that are behind. */
export async function runSlot(
  under: OperatorUnderTest,
  steps: readonly Step[],
  options: SlotRunOptions,
): Promise<SlotRunResult> {
  const run = new SlotRun(under, options);
  for (const step of steps) {
    await run.take(step);
  }
  return run.result;
}

/** So many turns of the event loop without anything to do mean that no answer is on its way. */
const QUIET_TURNS = 4;

class SlotRun {
  readonly #under: OperatorUnderTest;
  readonly #options: SlotRunOptions;
  readonly #graph: JobGraph;
  readonly #wiring: Wiring = localWiring(() => undefined);
  readonly #clock = new ManualClock();
  readonly #subtasks: readonly OperatorSubtask[];
  readonly #outputs: ReadonlyMap<string, CapturedRecord[]>;
  /** Records given since the last batch was closed. */
  #open = 0;
  #input = 0;
  #blocked = 0;
  #overruns = 0;

  constructor(under: OperatorUnderTest, options: SlotRunOptions) {
    this.#under = under;
    this.#options = options;
    this.#graph = jobGraph(detached(under.graph), { parallelism: 1, maxParallelism: MAX_PARALLELISM });
    this.#subtasks = this.#graph.vertices.flatMap(({ inputs, outputs }, index) =>
      inputs.length === 0 || outputs.length === 0 ? [] : [new OperatorSubtask(this.#context(index))],
    );
    this.#outputs = new Map(sinksOf(under.graph).map((sink) => [sink, []]));
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'record':
        return this.#record(step);
      case 'clock':
        await this.#closeBatch();
        await this.#work();
        this.#clock.advance(step.byMs);
        return this.#subtasks.forEach((subtask) => subtask.tick(this.#clock.now()));
      default:
        await this.#closeBatch();
        for (const edge of this.#edgesOf(step.input)) {
          const channel = this.#wiring.output(edge, 0, 0);
          channel.mark(WATERMARK, step.kind === 'end' ? MAX_WATERMARK : step.time);
          if (step.kind === 'end') {
            channel.mark(END, 0);
          }
        }
        await this.#work();
    }
  }

  get result(): SlotRunResult {
    return { output: this.#outputs, blocked: this.#blocked, overruns: this.#overruns };
  }

  async #record({ input, value, time }: Extract<Step, { kind: 'record' }>): Promise<void> {
    if (input !== this.#input) {
      // Channels are read in turn, so that what waits in two of them has no order.
      this.#input = input;
      await this.#closeBatch();
      await this.#work();
    }
    for (const edge of this.#edgesOf(input)) {
      edgeWriter(edge, [this.#wiring.output(edge, 0, 0)], MAX_PARALLELISM).write(value, time);
    }
    this.#open++;
    if (this.#open === this.#options.batch) {
      await this.#closeBatch();
    }
  }

  async #closeBatch(): Promise<void> {
    this.#open = 0;
    for (const input of this.#under.sources.keys()) {
      this.#edgesOf(input).forEach((edge) => this.#wiring.output(edge, 0, 0).flush());
    }
    if (!this.#options.blocked) {
      await this.#work();
    }
  }

  /** Until nobody has anything left to do. */
  async #work(): Promise<void> {
    for (let quiet = 0; quiet <= QUIET_TURNS; quiet++) {
      while (this.#step() || this.#read()) {
        quiet = 0;
      }
      if (!this.#under.waits) {
        return;
      }
      await nextTurn();
    }
  }

  /** One element of work for every subtask; false when none could do anything. */
  #step(): boolean {
    const worked = this.#subtasks.map((subtask) => {
      const full = !this.#hasRoom(subtask.vertexIndex);
      const did = subtask.step();
      this.#blocked += full ? 1 : 0;
      this.#overruns += full && did ? 1 : 0;
      subtask.tick(this.#clock.now()); // sends partial batches; processing time has not moved
      return did;
    });
    return worked.includes(true);
  }

  #hasRoom(vertex: number): boolean {
    const outputs = this.#graph.vertices[vertex]?.outputs ?? [];
    return outputs.every((edge) => this.#wiring.output(edge, 0, 0).makeRoom());
  }

  /** Takes one element from every channel that leads to a sink; true when there was one. */
  #read(): boolean {
    const read = this.#graph.vertices.flatMap(({ name, inputs, outputs }) =>
      outputs.length > 0 ? [] : inputs.map((edge) => this.#readOne(name, edge)),
    );
    return read.includes(true);
  }

  #readOne(sink: string, edge: JobEdge): boolean {
    const channel = this.#wiring.input(edge, 0, 0);
    const element = channel.poll();
    if (element === RECORDS) {
      const { values, times, size } = channel.batch;
      const records = values.slice(0, size).map((value, index) => ({ value, time: times[index] ?? 0 }));
      this.#outputs.get(sink)?.push(...records);
    }
    return element !== NOTHING;
  }

  #edgesOf(input: number): readonly JobEdge[] {
    const source = this.#under.sources[input];
    return this.#graph.edges.filter(({ node, output }) => node === source && output === 'main');
  }

  #context(vertexIndex: number): SubtaskContext {
    const vertex = this.#graph.vertices[vertexIndex]!; // asked for indexes of vertices only
    const outputs = vertex.outputs.map((edge) => this.#wiring.output(edge, 0, 0));
    return {
      vertexIndex,
      vertex,
      subtask: 0,
      host: {
        clock: this.#clock,
        random: () => 0,
        environment: {},
        epoch: 1,
        owner: 'contract',
        schedule: () => () => undefined,
        defer: () => undefined,
      },
      inputs: vertex.inputs.map((edge, input) => ({ channel: this.#wiring.input(edge, 0, 0), input })),
      outputs,
      writers: vertex.outputs.map((edge, index) =>
        edgeWriter(edge, outputs.slice(index, index + 1), MAX_PARALLELISM),
      ),
      restored: { parts: () => [] },
      allowance: new PartAllowance(),
      listener: {
        wake: () => undefined,
        handed: () => undefined,
        acknowledged: () => undefined,
        splitFinished: () => undefined,
        finished: () => undefined,
        commitAwaited: () => undefined,
        committed: () => undefined,
        undecodable: () => undefined,
        connector: () => undefined,
        reached: () => undefined,
        lettersCounted: () => undefined,
      },
    };
  }
}

/** The graph with an edge behind every source and before every sink, so that operators stand alone in their chains. */
function detached(graph: DataflowGraph): DataflowGraph {
  const sources = new Set(graph.nodes.filter(({ kind }) => kind === 'source').map(({ name }) => name));
  const nodes = graph.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map((input) =>
      input.exchange === 'forward' && (node.kind === 'sink' || sources.has(input.from))
        ? { ...input, exchange: 'rebalance' as const }
        : input,
    ),
  }));
  return { ...graph, nodes };
}
