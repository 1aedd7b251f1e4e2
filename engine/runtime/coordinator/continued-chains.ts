import { subtaskOf } from '../../data/key-groups.ts';
import type { JobGraph } from '../../graph/job-graph.ts';
import { ChainPart } from './chain-part.ts';
import type { Manifest } from './manifest.ts';
import type { SnapshotChains } from './snapshot-chains.ts';
import { writerOf } from './snapshot-intake.ts';

/** Operators whose subtasks get back exactly what they wrote themselves: at the same parallelism. */
export function continuedOperators({ vertices }: JobGraph, manifest: Manifest): readonly string[] {
  const written = new Map(manifest.operators.map((operator) => [operator.id, operator.parallelism]));
  return vertices.flatMap(({ nodes, parallelism, maxParallelism }) =>
    maxParallelism === manifest.maxParallelism
      ? nodes.map(({ id }) => id).filter((id) => written.get(id) === parallelism)
      : [],
  );
}

/** Takes up the chains of these operators where the manifest left them. */
export function restoreChains(
  chains: SnapshotChains<ChainPart>,
  { vertices }: JobGraph,
  from: { readonly manifest: Manifest; readonly operators: readonly string[] },
): void {
  const operators = new Map(from.manifest.operators.map((operator) => [operator.id, operator]));
  for (const [index, { nodes, parallelism, maxParallelism }] of vertices.entries()) {
    for (const { id } of nodes) {
      if (!from.operators.includes(id)) continue;
      for (const chunk of operators.get(id)?.chunks ?? []) {
        const subtask = subtaskOf(chunk.keyGroups.start, maxParallelism, parallelism);
        chains.restore(writerOf(index, subtask), ChainPart.stored(id, chunk));
      }
    }
  }
}
