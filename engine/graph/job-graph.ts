import type { BatchCodec } from '../data/batch-codec.ts';
import type { Key } from '../data/key-groups.ts';
import type { DataflowNode, Exchange } from './dataflow-graph.ts';

/** A chain as scheduled: its subtasks are `parallelism` copies of it. */
export interface JobVertex {
  /** Id of the chain's head. */
  readonly id: string;
  /** As in `payments -> to-eur`. */
  readonly name: string;
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
  readonly vertices: readonly JobVertex[];
  readonly edges: readonly JobEdge[];
}
