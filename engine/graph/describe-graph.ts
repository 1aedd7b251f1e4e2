import { dataTypeOf, sqlOf } from '../data/data-type.ts';
import type { DataType, Schema } from '../data/schema.ts';
import type { StateDeclaration } from '../state/declaration.ts';
import type { DataflowGraph, DataflowNode, Exchange } from './dataflow-graph.ts';

/** A state cell as the API stores it; `schema` is SQL text, or the vendor of a schema that cannot say more. */
export interface StateDescription {
  readonly name: string;
  readonly kind: string;
  readonly schema: string;
  readonly ttlMs?: number;
  /** Of what is kept, and of map keys; absent where the schema cannot say. By these two versions are compared. */
  readonly valueType?: DataType;
  readonly keyType?: DataType;
  /** Types from which the program itself converts old values. */
  readonly migratesFrom?: readonly DataType[];
}

/** An operator as pure JSON. */
export interface OperatorDescription {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly parallelism?: number;
  readonly inputs: readonly { readonly from: string; readonly output: string; readonly exchange: Exchange }[];
  readonly state: readonly StateDescription[];
  readonly description: Readonly<Record<string, string | number>>;
}

/** A graph as pure JSON: what the API stores, the console draws and the verdict compares. */
export interface GraphDescription {
  readonly nodes: readonly OperatorDescription[];
}

export function describeGraph(graph: DataflowGraph): GraphDescription {
  return { nodes: graph.nodes.map(describeNode) };
}

/** A schema in one line for people and comparisons. */
function describeSchema(schema: Schema | undefined): string {
  if (schema === undefined) {
    return 'ANY';
  }
  const type = dataTypeOf(schema);
  return type === undefined ? `ANY (${schema['~standard'].vendor})` : sqlOf(type);
}

function describeNode(node: DataflowNode): OperatorDescription {
  return {
    id: node.id,
    name: node.name,
    kind: node.kind,
    ...(node.parallelism === undefined ? {} : { parallelism: node.parallelism }),
    inputs: node.inputs.map(({ from, output, exchange }) => ({ from, output, exchange })),
    state: node.state.map(describeState),
    description: node.description,
  };
}

function describeState(state: StateDeclaration): StateDescription {
  const value = describeSchema(state.schema);
  const [valueType, keyType] = [dataTypeOf(state.schema), dataTypeOf(state.keySchema)];
  return {
    name: state.name,
    kind: state.kind,
    schema: state.keySchema === undefined ? value : `MAP<${describeSchema(state.keySchema)}, ${value}>`,
    ...(state.ttlMs === undefined ? {} : { ttlMs: state.ttlMs }),
    ...(valueType === undefined ? {} : { valueType }),
    ...(keyType === undefined ? {} : { keyType }),
    ...(state.migrations === undefined ? {} : { migratesFrom: state.migrations.map(({ from }) => from) }),
  };
}
