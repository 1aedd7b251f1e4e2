import type { SnapshotPart } from '../state/snapshot.ts';

/** The state of operators under test; opaque. */
export interface TestSnapshot {
  readonly parts: readonly SnapshotPart[];
  readonly maxParallelism: number;
}

/** The parts of a snapshot, for `who` that has so many key groups: state cannot move to another number of them. */
export function partsFor(
  { parts, maxParallelism }: TestSnapshot,
  who: string,
  own: number,
): readonly SnapshotPart[] {
  if (maxParallelism !== own) {
    throw new Error(
      `Cannot restore ${who}: the snapshot has max parallelism ${maxParallelism}, the ${who} ${own}`,
    );
  }
  return parts;
}
