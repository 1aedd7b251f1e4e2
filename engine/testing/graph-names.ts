import type { DataflowGraph, DataflowNode } from '../graph/dataflow-graph.ts';

/** The operators of a kind, as a message lists them. */
export function namesOf(graph: DataflowGraph, kind: DataflowNode['kind']): string {
  const names = graph.nodes.filter((node) => node.kind === kind).map((node) => `"${node.name}"`);
  return names.length === 0 ? `no ${kind}` : names.join(', ');
}
