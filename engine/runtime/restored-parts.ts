import { keyGroupRange } from '../data/key-groups.ts';
import type { JobGraph, JobVertex } from '../graph/job-graph.ts';
import type { RestoredState, SnapshotPart } from '../state/snapshot.ts';

/** The parts that one slot needs, so that no thread is sent the state of all. */
export function partsOfSlot(
  graph: JobGraph,
  slot: number,
  parts: readonly SnapshotPart[],
): readonly SnapshotPart[] {
  const vertexOf = new Map(
    graph.vertices.flatMap((vertex) => vertex.nodes.map(({ id }) => [id, vertex] as const)),
  );
  return parts.filter((part) => {
    const vertex = vertexOf.get(part.operatorId);
    return vertex !== undefined && slot < vertex.parallelism && belongsTo(part, vertex, slot);
  });
}

/** What a subtask starts from; keys of other subtasks inside a part are passed over by whoever reads it. */
export function restoredState(
  vertex: JobVertex,
  subtask: number,
  parts: readonly SnapshotPart[],
): RestoredState {
  return {
    parts: (operatorId) =>
      parts.filter((part) => part.operatorId === operatorId && belongsTo(part, vertex, subtask)),
  };
}

/** True when the part holds a key group of the subtask, or operator state. */
function belongsTo({ keyGroups, distribution }: SnapshotPart, vertex: JobVertex, subtask: number): boolean {
  if (distribution !== 'key-groups') return true;
  const own = keyGroupRange(subtask, vertex.maxParallelism, vertex.parallelism);
  return keyGroups.start <= own.end && keyGroups.end >= own.start;
}
