import type { Schema } from '../data/schema.ts';
import type { DataflowGraph, DataflowNode } from './dataflow-graph.ts';

/** The schema of the records that leave an operator by one output; undefined where nobody declared it. */
export function outputSchema(graph: DataflowGraph, name: string, output: string): Schema | undefined {
  const node = graph.nodes.find((candidate) => candidate.name === name);
  if (node === undefined) {
    return undefined;
  }
  if (output === 'main') {
    return passesRecords(node) ? inputSchema(graph, node) : node.schema;
  }
  const input = node.inputs[node.sideInputs?.[output] ?? -1];
  return input === undefined ? node.sideSchemas?.[output] : outputSchema(graph, input.from, input.output);
}

/** Names of the side outputs of an operator. */
export function sideOutputsOf(node: Pick<DataflowNode, 'sideSchemas' | 'sideInputs'>): readonly string[] {
  return [...Object.keys(node.sideSchemas ?? {}), ...Object.keys(node.sideInputs ?? {})];
}

/** True for operators whose records are those of their inputs. */
function passesRecords(node: DataflowNode): boolean {
  return node.kind === 'filter' || node.kind === 'union' || node.kind === 'assign-time';
}

function inputSchema(graph: DataflowGraph, node: DataflowNode): Schema | undefined {
  const schemas = node.inputs.map((input) => outputSchema(graph, input.from, input.output));
  return schemas.every((schema) => schema === schemas[0]) ? schemas[0] : undefined;
}
