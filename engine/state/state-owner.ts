import { keyGroupRange, type KeyGroupRange } from '../data/key-groups.ts';

/** Whose state it is. */
export interface StateOwner {
  readonly operatorId: string;
  readonly operatorName: string;
  readonly subtask: number;
  readonly parallelism: number;
  readonly keyGroups: KeyGroupRange;
  readonly maxParallelism: number;
}

/** The owner of an operator's state in one of its subtasks. */
export function stateOwner(
  operator: { readonly id: string; readonly name: string },
  { parallelism, maxParallelism }: { readonly parallelism: number; readonly maxParallelism: number },
  subtask: number,
): StateOwner {
  return {
    operatorId: operator.id,
    operatorName: operator.name,
    subtask,
    parallelism,
    maxParallelism,
    keyGroups: keyGroupRange(subtask, maxParallelism, parallelism),
  };
}
