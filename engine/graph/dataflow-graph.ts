import type { Key } from '../data/key-groups.ts';
import type { Schema } from '../data/schema.ts';
import type { ChainNode } from '../operators/chain.ts';
import type { OperatorDefinition } from '../operators/operator-definition.ts';

/** How records cross from one operator to the next: to the same subtask, by key, in turn, or to all. */
export type Exchange = 'forward' | 'hash' | 'rebalance' | 'broadcast';

/** Records of one output of an operator on their way to another operator. */
export interface DataflowEdge {
  readonly from: string;
  /** `main` or the name of a side output. */
  readonly output: string;
  readonly exchange: Exchange;
  /** The key of a record; where `exchange` is `hash`. */
  readonly key?: (value: never) => Key;
}

/** An operator of a program. Its name is unique in the graph and the identity of its state. */
export interface DataflowNode extends ChainNode {
  /** `operatorId(name)`. */
  readonly id: string;
  readonly kind: OperatorDefinition['kind'];
  readonly inputs: readonly DataflowEdge[];
  readonly parallelism?: number;
  /** Of the main output, where it is declared. */
  readonly schema?: Schema;
  /** Of side outputs that declare one. */
  readonly sideSchemas?: Readonly<Record<string, Schema>>;
  /** Side outputs that carry records of an input as they came, with the index of that input. */
  readonly sideInputs?: Readonly<Record<string, number>>;
  /** Connector, window, guarantee and the like, for people to read. */
  readonly description: Readonly<Record<string, string | number>>;
}

/** What a program describes: operators in the order of their declaration, inputs before those who read them. */
export interface DataflowGraph {
  readonly application: string;
  /** Names of fields whose values are shown nowhere. */
  readonly hide?: readonly string[];
  readonly nodes: readonly DataflowNode[];
}
