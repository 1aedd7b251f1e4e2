import { batchCodec, type BatchCodec } from '../data/batch-codec.ts';
import { defaultMaxParallelism, type Key } from '../data/key-groups.ts';
import { beginsChain } from '../operators/operator-definition.ts';
import type { DataflowEdge, DataflowGraph, DataflowNode, Exchange } from './dataflow-graph.ts';
import { outputSchema } from './output-schema.ts';

/** A chain as scheduled: its subtasks are `parallelism` copies of it. */
export interface JobVertex {
  /** Id of the chain's head. */
  readonly id: string;
  /** As in `payments -> to-eur`. */
  readonly name: string;
  /** Head first; every other node comes after the one that it reads. */
  readonly nodes: readonly DataflowNode[];
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly inputs: readonly JobEdge[];
  readonly outputs: readonly JobEdge[];
}

/** A connection of two vertices. The same object is in `outputs` of the one and in `inputs` of the other. */
export interface JobEdge {
  /** Its place in `JobGraph.edges`. */
  readonly index: number;
  /** Indexes of vertices in `JobGraph.vertices`. */
  readonly from: number;
  readonly to: number;
  /** The operator and output that its records leave, and the head that they enter. */
  readonly node: string;
  readonly output: string;
  readonly targetNode: string;
  readonly exchange: Exchange;
  readonly key?: (value: never) => Key;
  readonly codec: BatchCodec;
}

/** The chained graph. Vertices are in topological order. */
export interface JobGraph {
  readonly application: string;
  /** Names of fields whose values are shown nowhere. */
  readonly hide?: readonly string[];
  readonly vertices: readonly JobVertex[];
  readonly edges: readonly JobEdge[];
}

/** How many subtasks a job has where its program does not say, and how many key groups. */
export interface Parallelism {
  readonly parallelism: number;
  readonly maxParallelism?: number;
}

/** Fuses operators that hand records on within one subtask into chains, and connects the chains. */
export function jobGraph(graph: DataflowGraph, options: Parallelism): JobGraph {
  const maxParallelism = options.maxParallelism ?? defaultMaxParallelism(options.parallelism);
  checkParallelism(graph, options.parallelism, maxParallelism);
  const chains = chainsOf(graph, options.parallelism);
  const edges = edgesBetween(graph, { chains, parallelism: options.parallelism });
  const vertices = chains.map((nodes, index): JobVertex => {
    const [head] = nodes;
    return {
      id: head.id,
      name: nodes.map((node) => node.name).join(' -> '),
      nodes,
      parallelism: head.parallelism ?? options.parallelism,
      maxParallelism,
      inputs: edges.filter((edge) => edge.to === index),
      outputs: edges.filter((edge) => edge.from === index),
    };
  });
  const { application, hide } = graph;
  return { application, ...(hide === undefined ? {} : { hide }), vertices, edges };
}

type ChainedNodes = [head: DataflowNode, ...DataflowNode[]];

function chainsOf(graph: DataflowGraph, parallelism: number): ChainedNodes[] {
  const chains = new Map<string, ChainedNodes>();
  for (const node of graph.nodes) {
    const [input] = node.inputs;
    const chain = input === undefined ? undefined : chains.get(input.from);
    const joins =
      chain !== undefined &&
      node.inputs.length === 1 &&
      input?.exchange === 'forward' &&
      !beginsChain(node.definition) &&
      (node.parallelism ?? parallelism) === (chain[0].parallelism ?? parallelism);
    if (joins) {
      chain.push(node);
      chains.set(node.name, chain);
    } else {
      chains.set(node.name, [node]);
    }
  }
  return [...new Set(chains.values())];
}

interface Chained {
  readonly chains: readonly ChainedNodes[];
  readonly parallelism: number;
}

function edgesBetween(graph: DataflowGraph, { chains, parallelism }: Chained): JobEdge[] {
  const edges: JobEdge[] = [];
  for (const [to, [head]] of chains.entries()) {
    for (const input of head.inputs) {
      const from = chains.findIndex((nodes) => nodes.some((node) => node.name === input.from));
      const source = chains[from]?.[0];
      if (source === undefined) {
        throw new Error(
          `Cannot build application "${graph.application}": operator "${head.name}" reads "${input.from}", which is not in the graph before it`,
        );
      }
      const sameWidth = (source.parallelism ?? parallelism) === (head.parallelism ?? parallelism);
      edges.push({
        index: edges.length,
        from,
        to,
        node: input.from,
        output: input.output,
        targetNode: head.name,
        exchange: crossing(input, sameWidth),
        ...(input.key === undefined ? {} : { key: input.key }),
        codec: batchCodec(
          outputSchema(graph, input.from, input.output),
          `from "${input.from}" to "${head.name}"`,
        ),
      });
    }
  }
  return edges;
}

/** Records cannot stay in their subtask when the next operator has another number of subtasks. */
function crossing(input: DataflowEdge, sameWidth: boolean): Exchange {
  return input.exchange === 'forward' && !sameWidth ? 'rebalance' : input.exchange;
}

function checkParallelism(graph: DataflowGraph, parallelism: number, maxParallelism: number): void {
  for (const node of [{ name: undefined, parallelism }, ...graph.nodes]) {
    const wanted = node.parallelism ?? parallelism;
    if (!Number.isInteger(wanted) || wanted < 1 || wanted > maxParallelism) {
      const where = node.name === undefined ? '' : ` of operator "${node.name}"`;
      throw new Error(
        `Cannot run application "${graph.application}": parallelism ${wanted}${where} is not between 1 and the max parallelism ${maxParallelism}`,
      );
    }
  }
}
