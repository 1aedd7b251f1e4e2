import type { Sink } from '../connectors/connector.ts';
import type { DataflowGraph, DataflowNode } from '../graph/dataflow-graph.ts';
import type { OperatorDefinition } from '../operators/operator-definition.ts';
import type { Adjustments, SinkAdjustment } from './adjustments.ts';
import { capturedSink } from './captured-sink.ts';
import { Refusal } from './coordinator/refusal.ts';
import { discardedSink } from './discarded-sink.ts';

/**
 * The graph with other ends: what it describes, and so its hash and its state, stays the same.
 *
 * Throws a `Refusal` that names the operator where its connector cannot do what is asked.
 */
export function adjustedGraph(graph: DataflowGraph, adjustments: Adjustments): DataflowGraph {
  const names = graph.nodes.filter(({ kind }) => kind === 'sink').map(({ name }) => name);
  const unknown = Object.keys(adjustments.sinks).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Refusal(
      `Cannot run application "${graph.application}": sink "${unknown}" is adjusted, and the program has none of this name; its sinks are ${names.join(', ')}`,
    );
  return { ...graph, nodes: graph.nodes.map((node) => adjusted(graph, node, adjustments)) };
}

function adjusted(graph: DataflowGraph, node: DataflowNode, adjustments: Adjustments): DataflowNode {
  const { definition } = node;
  if (definition.kind === 'sink') {
    const adjustment = adjustments.sinks[node.name] ?? { mode: adjustments.everySink };
    const sink = adjustedSink(definition.sink, adjustment, () =>
      capturedSink(`${adjustments.captures}/${encodeURIComponent(node.name)}`, graph.hide),
    );
    return sink === undefined
      ? refuse(graph, node, 'it cannot write elsewhere; choose keep, discard or capture')
      : { ...node, definition: { ...definition, sink } };
  }
  const { startAtMs } = adjustments;
  if (definition.kind !== 'source' || startAtMs === undefined) return node;
  const source = definition.source.startingAt?.(startAtMs);
  if (source === undefined)
    return refuse(graph, node, 'it cannot begin at a time; leave startAt out, or use a source that can');
  const changed: OperatorDefinition = { ...definition, source };
  return { ...node, definition: changed };
}

/** Undefined where the sink cannot be redirected; what its connector says of the options is thrown. */
function adjustedSink(
  sink: Sink<never>,
  adjustment: SinkAdjustment,
  captured: () => Sink<never>,
): Sink<never> | undefined {
  switch (adjustment.mode) {
    case 'keep':
      return sink;
    case 'discard':
      return discardedSink();
    case 'capture':
      return captured();
    case 'redirect':
      return sink.redirected?.(adjustment.options);
  }
}

function refuse(graph: DataflowGraph, { name, description }: DataflowNode, reason: string): never {
  const connector = String(description['connector'] ?? 'unknown');
  throw new Refusal(
    `Cannot run application "${graph.application}": the connector of "${name}" is ${connector}, and ${reason}`,
  );
}
