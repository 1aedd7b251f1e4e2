import type { DataflowEdge, DataflowGraph, DataflowNode } from '../graph/dataflow-graph.ts';
import type { OperatorDefinition } from '../operators/operator-definition.ts';
import type { NewNode } from './graph-builder.ts';

/** Windows that begin and end by time. */
const WINDOWS_OF_TIME = new Set(['tumbling', 'sliding', 'session', 'dynamic-session', 'cumulating']);

/**
 * Refuses an operator of event time over records that certainly have none: it would take them all for late, or never
 * fire.
 */
export function requireEventTime(
  graph: DataflowGraph,
  { kind, name, definition, inputs = [] }: NewNode,
): void {
  if (!needsEventTime(definition)) {
    return;
  }
  for (const input of inputs) {
    const source = withoutTime(graph, input);
    if (source !== undefined) {
      throw new Error(
        `Cannot add ${kind} "${name}": its records have no event time, since source "${source}" has none; give the source a "time", or call assignTime before the ${kind}`,
      );
    }
  }
}

function needsEventTime(definition: OperatorDefinition): boolean {
  if (definition.kind === 'interval-join') {
    return true;
  }
  if (definition.kind === 'match') {
    return definition.time === 'event';
  }
  if ('assigner' in definition) {
    const { assigner } = definition;
    return WINDOWS_OF_TIME.has(assigner.kind) && !('time' in assigner && assigner.time === 'processing');
  }
  return false;
}

/** The source whose records come here without event time; undefined where they have one. */
function withoutTime(graph: DataflowGraph, { from, output }: DataflowEdge): string | undefined {
  const node = graph.nodes.find(({ name }) => name === from);
  if (node === undefined) {
    return undefined;
  }
  const { definition } = node;
  if (definition.kind === 'source') {
    const { time, timed = time !== undefined } = definition.source;
    // What could not be decoded has no time that anybody could read.
    return timed && output === 'main' ? undefined : node.name;
  }
  const givesTime =
    (definition.kind === 'assign-time' && definition.time !== undefined) ||
    // Results have the time of their window, late records that of the input.
    ('assigner' in definition && output === 'main');
  return givesTime ? undefined : ofInputs(graph, node);
}

/** A function over two inputs may emit for the one that has times; a union hands on the records of all. */
function ofInputs(graph: DataflowGraph, { kind, inputs }: DataflowNode): string | undefined {
  const untimed = inputs.map((input) => withoutTime(graph, input));
  if (kind !== 'union' && untimed.includes(undefined)) {
    return undefined;
  }
  return untimed.find((source) => source !== undefined);
}
