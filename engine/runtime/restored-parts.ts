import { keyGroupRange } from '../data/key-groups.ts';
import type { JobGraph, JobVertex } from '../graph/job-graph.ts';
import type { RestoredState, SnapshotPart } from '../state/snapshot.ts';

/** What the subtasks of one slot start from. */
export interface SlotState {
  readonly parts: readonly SnapshotPart[];
  /** Operators whose subtasks get back what they wrote themselves, and may continue it with their first snapshot. */
  readonly continued: readonly string[];
}

/**
 * The parts that each slot needs, so that no thread is sent the state of all. A part for several slots is copied, so
 * that each can be sent with its memory; `move` says that the slots are other threads.
 */
export function partsOfSlots(
  graph: JobGraph,
  slots: number,
  { parts, move }: { readonly parts: readonly SnapshotPart[]; readonly move: boolean },
): readonly (readonly SnapshotPart[])[] {
  const vertexOf = new Map(
    graph.vertices.flatMap((vertex) => vertex.nodes.map(({ id }) => [id, vertex] as const)),
  );
  const dealt = Array.from({ length: slots }, (): SnapshotPart[] => []);
  for (const part of parts) {
    const vertex = vertexOf.get(part.operatorId);
    if (vertex === undefined) continue;
    let taken = false;
    for (const [slot, own] of dealt.entries()) {
      if (slot >= vertex.parallelism || !belongsTo(part, vertex, slot)) continue;
      own.push(taken && move ? { ...part, bytes: new Uint8Array(part.bytes) } : part);
      taken = true;
    }
  }
  return dealt;
}

/** What a subtask starts from; keys of other subtasks inside a part are passed over by whoever reads it. */
export function restoredState(
  vertex: JobVertex,
  subtask: number,
  { parts, continued }: SlotState,
): RestoredState {
  return {
    parts: (operatorId) =>
      parts.filter((part) => part.operatorId === operatorId && belongsTo(part, vertex, subtask)),
    continues: ({ operatorId }) => continued.includes(operatorId),
  };
}

/** True when the part holds a key group of the subtask, or operator state. */
function belongsTo({ keyGroups, distribution }: SnapshotPart, vertex: JobVertex, subtask: number): boolean {
  if (distribution !== 'key-groups') return true;
  const own = keyGroupRange(subtask, vertex.maxParallelism, vertex.parallelism);
  return keyGroups.start <= own.end && keyGroups.end >= own.start;
}
