import { BATCH_SIZE, type RecordBatch, recordBatch } from '../../engine/data/record-batch.ts';
import { type JobEdge, type JobVertex, jobGraph } from '../../engine/graph/job-graph.ts';
import { application } from '../../engine/index.ts';
import type { Chain, EdgeWriter } from '../../engine/operators/chain.ts';
import { openChain } from '../../engine/operators/open-chain.ts';
import { stubSink, stubSource } from '../../engine/testing/stub-connectors.ts';
import { AuctionEvent } from './events.ts';
import { type Outcome, type Query, Tally } from './query.ts';

/** A query through the engine's chains, one subtask each, with the edges between them inside the thread. */
export class EngineRun {
  readonly #chains: Chain[] = [];
  readonly #edges: LocalEdge[] = [];
  readonly #tally = new Tally();
  #figure: (row: unknown) => number = () => 0;

  constructor({ build }: Query) {
    const figureWith = (figure: (row: never) => number): void => {
      // The rows that reach the sink are those of the query.
      this.#figure = figure as (row: unknown) => number;
    };
    const program = application('query', {
      build({ source }) {
        const events = source(
          'events',
          stubSource(AuctionEvent, () => 0),
        );
        build(events, (rows, figure) => {
          figureWith(figure);
          rows.to(stubSink('rows'), 'rows');
        });
      },
    });
    const { vertices } = jobGraph(program.build({}), { parallelism: 1 });
    // From the last to the first: an edge leads to a chain that exists.
    for (const vertex of vertices.toReversed()) this.#chains.unshift(this.#open(vertex, vertices));
  }

  batch(batch: RecordBatch): void {
    this.#chains[0]?.processBatch(0, batch);
    this.#send();
  }

  watermark(watermark: number): void {
    for (const chain of this.#chains) {
      chain.processWatermark(watermark);
      this.#send();
    }
  }

  get outcome(): Outcome {
    const { rows, sum } = this.#tally;
    return { rows, sum };
  }

  #open(vertex: JobVertex, vertices: readonly JobVertex[]): Chain {
    return openChain(vertex, {
      subtask: 0,
      clock: { now: () => Date.now() },
      random: () => 0,
      time: { watermark: () => undefined, idle: () => undefined },
      wake: () => undefined,
      outputs: vertex.outputs.map((edge) => this.#edge(edge, vertices)),
      sinkWriter: () => ({
        write: (value) => this.#tally.add(this.#figure(value)),
        pending: 0,
        highWater: 1,
        flush: () => Promise.resolve(),
        onAvailable: () => undefined,
        close: () => Promise.resolve(),
      }),
    });
  }

  #edge(edge: JobEdge, vertices: readonly JobVertex[]): LocalEdge {
    // Chains of later vertices are open, so the last ones are theirs.
    const chain = this.#chains[edge.to - (vertices.length - this.#chains.length)];
    if (chain === undefined) throw new Error('A vertex comes before those that it feeds.');
    const local = new LocalEdge(chain, vertices[edge.to]?.inputs.indexOf(edge) ?? 0);
    // From the source on, as records go.
    this.#edges.unshift(local);
    return local;
  }

  #send(): void {
    for (const edge of this.#edges) edge.send();
  }
}

/** Hands records on in batches, as a channel between subtasks does. */
class LocalEdge implements EdgeWriter {
  readonly #batch = recordBatch();
  readonly #target: Chain;
  readonly #input: number;

  constructor(target: Chain, input: number) {
    this.#target = target;
    this.#input = input;
  }

  write(value: unknown, time: number): void {
    const batch = this.#batch;
    batch.values[batch.size] = value;
    batch.times[batch.size++] = time;
    if (batch.size === BATCH_SIZE) this.send();
  }

  send(): void {
    if (this.#batch.size === 0) return;
    this.#target.processBatch(this.#input, this.#batch);
    this.#batch.size = 0;
  }
}
