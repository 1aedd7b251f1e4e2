import { keyGroupRange } from '../data/key-groups.ts';
import type { JobVertex } from '../graph/job-graph.ts';
import type { Chain } from '../operators/chain.ts';
import type { RestoredState, SnapshotPart } from '../state/snapshot.ts';

/**
 * What one subtask has written into snapshots: those that continue others stand behind them, as a coordinator keeps
 * them. So a test restores the same chains as a job does.
 */
export class WrittenParts {
  /** What the subtask starts from; undefined where it starts empty. */
  readonly restored: RestoredState | undefined;
  #parts: readonly SnapshotPart[] = [];

  constructor(vertex: JobVertex, subtask: number, restored: readonly SnapshotPart[] | undefined) {
    if (restored === undefined) {
      return;
    }
    const own = restored.filter(({ operatorId }) => vertex.nodes.some(({ id }) => id === operatorId));
    const continues = own.every((part) => ranges(vertex).has(rangeText(part.keyGroups)));
    if (continues) {
      const range = keyGroupRange(subtask, vertex.maxParallelism, vertex.parallelism);
      this.#parts = own.filter(({ keyGroups }) => rangeText(keyGroups) === rangeText(range));
    }
    this.restored = {
      parts: (operatorId) => own.filter((part) => part.operatorId === operatorId),
      continues: () => continues,
    };
  }

  /** Takes a snapshot of the subtask's chain; gives all that a restore needs. */
  add(chain: Chain, now: () => number): readonly SnapshotPart[] {
    const cursor = chain.beginSnapshot(1);
    while (!cursor.step(now())) {
      // One slice after the other, as a runtime does between batches.
    }
    const earlier = cursor.continued.flatMap(({ operatorId, state, dropped = [] }) =>
      this.#parts
        .filter((part) => part.operatorId === operatorId && part.state === state)
        .filter((_, place) => !dropped.includes(place)),
    );
    this.#parts = [...earlier, ...cursor.take()];
    return this.#parts;
  }
}

function ranges({ maxParallelism, parallelism }: JobVertex): ReadonlySet<string> {
  return new Set(
    Array.from({ length: parallelism }, (_, index) =>
      rangeText(keyGroupRange(index, maxParallelism, parallelism)),
    ),
  );
}

function rangeText({ start, end }: SnapshotPart['keyGroups']): string {
  return `${start}-${end}`;
}
