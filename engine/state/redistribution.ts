import { keyGroupRange, subtaskOf } from '../data/key-groups.ts';
import type { StateOwner } from './state-owner.ts';
import type { SnapshotPart } from './snapshot.ts';

/**
 * Who gets which state when a job starts from a snapshot: keyed state goes to the owner of its key group; elements of
 * a list that belongs to subtasks are dealt out evenly, or all go to every subtask; of state that is the same in
 * every subtask each takes one copy. Source: Flink's `OperatorStateHandle.Mode`.
 */
export type Distribution = 'key-groups' | 'split' | 'union' | 'broadcast';

/** The key group that entries of operator state are written with. */
export const NO_KEY_GROUP = 0;

/** A part to read, and which of its entries the reader keeps: by key group, and by place among those of the part. */
export interface Share {
  readonly part: SnapshotPart;
  readonly keeps: (keyGroup: number, place: number) => boolean;
}

/** What of the parts of one state a subtask takes. */
export function sharesOf(
  parts: readonly SnapshotPart[],
  distribution: Distribution,
  owner: StateOwner,
): readonly Share[] {
  switch (distribution) {
    case 'key-groups': {
      const { start, end } = owner.keyGroups;
      return parts
        .filter(({ keyGroups }) => keyGroups.start <= end && keyGroups.end >= start)
        .map((part) => ({ part, keeps: (keyGroup) => keyGroup >= start && keyGroup <= end }));
    }
    case 'union':
      return byWriter(parts).map((part) => ({ part, keeps: () => true }));
    case 'broadcast': {
      const writers = [...new Set(byWriter(parts).map(({ keyGroups }) => keyGroups.start))];
      const writer = writers[owner.subtask % writers.length];
      return parts
        .filter(({ keyGroups }) => keyGroups.start === writer)
        .map((part) => ({ part, keeps: () => true }));
    }
    case 'split':
      return splitShares(byWriter(parts), owner);
  }
}

/** Every subtask gets its own back; at another parallelism all elements in order are cut into equal runs. */
function splitShares(parts: readonly SnapshotPart[], owner: StateOwner): readonly Share[] {
  const { subtask, parallelism } = owner;
  if (parts.every((part) => isRangeOf(part, owner))) {
    return parts
      .filter(({ keyGroups }) => keyGroups.start === owner.keyGroups.start)
      .map((part) => ({ part, keeps: () => true }));
  }
  const total = parts.reduce((sum, { entries }) => sum + entries, 0);
  const [from, to] = [subtask, subtask + 1].map((index) => Math.floor((index * total) / parallelism));
  let before = 0;
  return parts.map((part) => {
    const first = before;
    before += part.entries;
    return { part, keeps: (_, place) => first + place >= (from ?? 0) && first + place < (to ?? 0) };
  });
}

/** True where the writer of a part had the key groups that one of the present subtasks has. */
function isRangeOf({ keyGroups }: SnapshotPart, { maxParallelism, parallelism }: StateOwner): boolean {
  const index = subtaskOf(keyGroups.start, maxParallelism, parallelism);
  const range = keyGroupRange(index, maxParallelism, parallelism);
  return range.start === keyGroups.start && range.end === keyGroups.end;
}

/** Parts arrive in any order; those of one writer are in theirs. */
function byWriter(parts: readonly SnapshotPart[]): readonly SnapshotPart[] {
  return parts.toSorted((left, right) => left.keyGroups.start - right.keyGroups.start);
}
