import type { DataflowGraph } from '../../graph/dataflow-graph.ts';
import type { Restore } from '../job-options.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import type { LocatedManifest } from './manifest.ts';
import type { ReadCheckpoint } from './read-checkpoint.ts';
import type { Unread } from './read-parts.ts';
import { Refusal } from './refusal.ts';

/** What a job is asked to start from; undefined: from nothing. What a person named is taken or refused as it is. */
export async function restorePoint(
  store: CheckpointStore,
  restore: Restore,
  unread?: Unread,
): Promise<ReadCheckpoint | undefined> {
  switch (restore.kind) {
    case 'none':
      return undefined;
    case 'latest-checkpoint':
      return store.latest(unread);
    case 'manifest':
      return store.read(restore.location, unread);
  }
}

/** Refuses a manifest that this job cannot take over whole. */
export function checkRestorable(
  { key, manifest }: LocatedManifest,
  graph: DataflowGraph,
  options: { maxParallelism: number | undefined; allowNonRestoredState: boolean },
): void {
  const { maxParallelism, allowNonRestoredState } = options;
  if (maxParallelism !== undefined && maxParallelism !== manifest.maxParallelism) {
    throw new Refusal(
      `Cannot restore from "${key}": it has max parallelism ${manifest.maxParallelism}, the job has ${maxParallelism}; leave the job's max parallelism out to take that of the state`,
    );
  }
  if (allowNonRestoredState) return;
  const present = new Set(graph.nodes.map(({ id }) => id));
  const lost = manifest.operators.filter(({ id, chunks }) => chunks.length > 0 && !present.has(id));
  const unread = manifest.splits.filter(({ operatorId }) => !present.has(operatorId));
  if (lost.length === 0 && unread.length === 0) return;
  const names = [
    ...lost.map(({ name }) => name),
    ...new Set(unread.map(({ operatorId }) => nameOf(manifest.operators, operatorId))),
  ];
  throw new Refusal(
    `Cannot restore from "${key}": the program has no operator ${names.map((name) => `"${name}"`).join(', ')} for its state; name the operator as before, or allow non-restored state`,
  );
}

function nameOf(operators: LocatedManifest['manifest']['operators'], id: string): string {
  return operators.find((operator) => operator.id === id)?.name ?? id;
}
