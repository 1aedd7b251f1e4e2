import { keyGroupOf, subtaskOf } from '../../data/key-groups.ts';
import { checkedKey } from '../../data/keys.ts';
import type { JobGraph, JobVertex } from '../../graph/job-graph.ts';
import type { ManifestLetter } from '../coordinator/manifest.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type EnteredRecord, valueOf } from './entered-record.ts';
import type { Replay, SubtaskLetters } from './gate.ts';

/** What the subtasks of one slot keep out and take in again, by the index of their vertex. */
export type SlotLetters = Readonly<Record<number, SubtaskLetters>>;

/** The letters of an attempt, and how often the state that it begins from went without each. */
export interface AttemptLetters {
  readonly letters: readonly DeadLetter[];
  readonly counts: readonly ManifestLetter[];
}

/** Gives every slot its part of the letters; those of operators that begin no chain any more wait on. */
export function lettersOfSlot(
  graph: JobGraph,
  slot: number,
  { letters, counts }: AttemptLetters,
): SlotLetters {
  const found: Record<number, SubtaskLetters> = {};
  for (const [index, vertex] of graph.vertices.entries()) {
    const own = letters.filter(({ record }) => record.head === vertex.id && slot < vertex.parallelism);
    if (own.length === 0) continue;
    found[index] = {
      keepOut: own.filter(({ status }) => status === 'set-aside').map(({ record }) => record),
      replay: own
        .filter(({ status, record }) => status === 'replay' && enters(vertex, slot, record))
        .map(({ record }) => ({ record, times: owed(record, counts) }))
        .filter(({ times }: Replay) => times > 0),
    };
  }
  return found;
}

/** How often the record is missing in the state: it may not have come by yet, and comes by itself then. */
function owed({ id }: EnteredRecord, counts: readonly ManifestLetter[]): number {
  const count = counts.find((letter) => letter.id === id);
  return count === undefined ? 0 : count.setAside - count.replayed;
}

/** Where the record would have come in: at the owner of its key, at all of a broadcast, or anywhere else at the first. */
function enters(vertex: JobVertex, slot: number, record: EnteredRecord): boolean {
  const edge = vertex.inputs[record.input];
  if (edge?.exchange === 'broadcast') return true;
  if (edge?.key === undefined) return slot === 0;
  const { maxParallelism, parallelism } = vertex;
  return slot === subtaskOf(keyGroupOf(keyOf(edge.key, record), maxParallelism), maxParallelism, parallelism);
}

function keyOf(select: (value: never) => unknown, record: EnteredRecord) {
  try {
    // The record came by this edge, so its selector takes it.
    return checkedKey(select(valueOf(record) as never));
  } catch {
    // Its subtask will fail in the same way and say so.
    return 0;
  }
}
