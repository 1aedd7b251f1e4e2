import type { DataflowEdge, DataflowGraph, DataflowNode } from '../graph/dataflow-graph.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** What needs event time: `{ kind: 'window', name: 'per-card' }`. */
export interface TimedOperator {
  readonly kind: string;
  readonly name: string;
}

/**
 * Refuses an operator of event time over records that certainly have none: it would count them all as late, or never
 * fire.
 */
export function requireEventTime(
  builder: GraphBuilder,
  inputs: readonly DataflowEdge[],
  { kind, name }: TimedOperator,
): void {
  for (const input of inputs) {
    const source = withoutTime(builder.graph, input);
    if (source !== undefined) {
      throw new Error(
        `Cannot add ${kind} "${name}": its records have no event time, since source "${source}" has none; give the source a "time", or call assignTime before the ${kind}`,
      );
    }
  }
}

/** The source whose records come here without event time; undefined where there is none. */
function withoutTime(graph: DataflowGraph, { from, output }: DataflowEdge): string | undefined {
  const node = graph.nodes.find(({ name }) => name === from);
  if (node === undefined) {
    return undefined;
  }
  const { definition } = node;
  switch (definition.kind) {
    case 'source': {
      const { time, timed = time !== undefined } = definition.source;
      // What could not be decoded has no time that anybody could read.
      return timed && output === 'main' ? undefined : node.name;
    }
    case 'assign-time':
      return definition.time === undefined ? ofInputs(graph, node) : undefined;
    case 'window':
      // Results have the time of their window; late records that of the input.
      return output === 'main' ? undefined : ofInputs(graph, node);
    default:
      return ofInputs(graph, node);
  }
}

/** A function over two inputs may emit for the one that has times; a union hands on the records of all. */
function ofInputs(graph: DataflowGraph, { kind, inputs }: DataflowNode): string | undefined {
  const untimed = inputs.map((input) => withoutTime(graph, input));
  if (kind !== 'union' && untimed.includes(undefined)) {
    return undefined;
  }
  return untimed.find((source) => source !== undefined);
}
