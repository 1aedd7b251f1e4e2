import type { SinkWriter } from '../connectors/connector.ts';
import type { DataflowGraph, DataflowNode } from '../graph/dataflow-graph.ts';
import { sideOutputsOf } from '../graph/output-schema.ts';
import { operatorId } from '../data/operator-id.ts';
import type { ChainNode } from '../operators/chain.ts';
import { stubSink } from './stub-connectors.ts';

/** A record as a sink was given it. */
export interface CapturedRecord {
  readonly value: unknown;
  readonly time: number;
}

/** The world behind the sinks of a local job. */
export interface Outputs {
  writer(node: ChainNode, subtask: number): SinkWriter<unknown>;
}

/** A writer that hands everything on at once. */
export function capturingWriter(write: (value: unknown, time: number) => void): SinkWriter<unknown> {
  return {
    write,
    pending: 0,
    highWater: Number.POSITIVE_INFINITY,
    flush: () => Promise.resolve(),
    onAvailable: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** What every sink of a run was given, in order. */
export class CapturedOutputs implements Outputs {
  readonly #records = new Map<string, CapturedRecord[]>();

  of(sink: string): readonly CapturedRecord[] {
    return this.#records.get(sink) ?? [];
  }

  /** Gives what was captured and forgets it. */
  take(sink: string): readonly CapturedRecord[] {
    const records = this.of(sink);
    this.#records.delete(sink);
    return records;
  }

  writer(node: ChainNode): SinkWriter<unknown> {
    return capturingWriter((value, time) => {
      const records = this.#records.get(node.name) ?? [];
      records.push({ value, time });
      this.#records.set(node.name, records);
    });
  }

  /** What is captured now; `rewind` goes back to it, as an exactly-once sink does after a crash. */
  mark(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#records, ([sink, records]) => [sink, records.length]));
  }

  rewind(mark: ReadonlyMap<string, number>): void {
    for (const [sink, records] of this.#records) {
      records.length = mark.get(sink) ?? 0;
    }
  }
}

/** Name under which a side output is captured. */
export function sideSink(operator: string, output: string): string {
  return `${operator}/${output}`;
}

/** The graph with a captured sink behind every side output, read by the program or not. */
export function withCapturedSides(graph: DataflowGraph): DataflowGraph {
  const sinks = graph.nodes.flatMap((node) =>
    sideOutputsOf(node).map((output) => captureNode(node.name, output)),
  );
  return { ...graph, nodes: [...graph.nodes, ...sinks] };
}

/** A node whose sink is never opened: runs of tests capture every sink. */
function captureNode(operator: string, output: string): DataflowNode {
  const name = sideSink(operator, output);
  return {
    name,
    id: operatorId(name),
    kind: 'sink',
    inputs: [{ from: operator, output, exchange: 'forward' }],
    state: [],
    description: {},
    definition: { kind: 'sink', sink: stubSink(name) },
  };
}
