import type { KeyGroupRange } from '../data/key-groups.ts';

/** Whose state it is. */
export interface StateOwner {
  readonly operatorId: string;
  readonly operatorName: string;
  readonly subtask: number;
  readonly parallelism: number;
  readonly keyGroups: KeyGroupRange;
  readonly maxParallelism: number;
}
