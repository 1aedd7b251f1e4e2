import type { DataflowEdge, DataflowGraph, DataflowNode } from '../graph/dataflow-graph.ts';
import type { OperatorDefinition } from '../operators/operator-definition.ts';
import { windowTime } from '../operators/windows/window-definition.ts';
import type { NewNode } from './graph-builder.ts';

/**
 * Refuses an operator of event time over records that certainly have none: it would take them all for late, or never
 * fire.
 */
export function requireEventTime(graph: DataflowGraph, { name, definition, inputs = [] }: NewNode): void {
  const what = needsEventTime(definition);
  for (const input of what === undefined ? [] : inputs) {
    const source = withoutTime(graph, input);
    if (source !== undefined) {
      throw new Error(
        `Cannot add ${what} "${name}": its records have no event time, since source "${source}" has none; give the source a "time", or call assignTime before the ${what}`,
      );
    }
  }
}

/** What people call an operator that needs event time; undefined for others. */
function needsEventTime(definition: OperatorDefinition): string | undefined {
  switch (definition.kind) {
    case 'window':
      return 'window';
    case 'window-function':
      return definition.assigner.kind !== 'global' && windowTime(definition.assigner) === 'event'
        ? 'window'
        : undefined;
    case 'interval-join':
      return 'interval-join';
    case 'match':
      return definition.time === 'event' ? 'match' : undefined;
    default:
      return undefined;
  }
}

/** The source whose records come here without event time; undefined where they have one. */
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
    case 'window-function':
      // Results have the time of their window, late records that of the input.
      return output === 'late' ? ofInputs(graph, node) : undefined;
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
