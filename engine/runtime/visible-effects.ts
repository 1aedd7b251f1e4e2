import { isTransactional } from '../connectors/connector.ts';
import type { DataflowGraph, DataflowNode } from '../graph/dataflow-graph.ts';
import { Refusal } from './coordinator/refusal.ts';

/**
 * Refuses a job that would never show what it writes: its sink commits with checkpoints, it takes none by itself, and it
 * has no end at which it would take a last one.
 */
export function checkEffectsAppear(
  { application, nodes }: DataflowGraph,
  { checkpointIntervalMs }: { readonly checkpointIntervalMs: number },
): void {
  if (checkpointIntervalMs > 0) return;
  const endless = nodes.find(isEndless);
  const sink = nodes.find(({ definition }) => definition.kind === 'sink' && isTransactional(definition.sink));
  if (endless === undefined || sink === undefined) return;
  throw new Refusal(
    `Cannot run application "${application}": its sink "${sink.name}" shows records when a checkpoint completes, its source "${endless.name}" has no end, and its checkpoint interval is 0; set a checkpoint interval above 0`,
  );
}

function isEndless({ definition }: DataflowNode): boolean {
  return definition.kind === 'source' && definition.source.bounded !== true;
}
