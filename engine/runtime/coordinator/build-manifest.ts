import type { Split } from '../../connectors/connector.ts';
import type { JobGraph } from '../../graph/job-graph.ts';
import { maxParallelismOf } from '../job-layout.ts';
import type { JobOptions } from '../job-options.ts';
import type { JobPlan } from '../job-plan.ts';
import type { ChainPart } from './chain-part.ts';
import {
  ENGINE_VERSION,
  MANIFEST_VERSION,
  type Manifest,
  type ManifestChunk,
  type ManifestOperator,
  type ManifestSplit,
} from './manifest.ts';
import type { PendingCheckpoint } from './pending-checkpoint.ts';

/** The job that a manifest is of. */
export interface ManifestJob {
  readonly options: JobOptions;
  readonly plan: JobPlan;
  readonly graph: JobGraph;
}

/** What only the attempt knows when the last subtask has answered. */
export interface ManifestEnd {
  readonly completedAtMs: number;
  /** All of them are stored. */
  readonly chains: Iterable<ChainPart>;
  /** By operator id, the splits that no reader of this attempt holds. */
  readonly finished: ReadonlyMap<string, readonly Split[]>;
}

/** All that was acknowledged, as the document that makes it a checkpoint. */
export function buildManifest(
  { options, plan, graph }: ManifestJob,
  pending: PendingCheckpoint,
  end: ManifestEnd,
): Manifest {
  const chunks = chunksByOperator(end.chains);
  const parallelism = parallelismByOperator(graph);
  return {
    version: MANIFEST_VERSION,
    engineVersion: ENGINE_VERSION,
    epoch: options.epoch,
    stateBackend: options.stateBackend ?? 'heap',
    application: graph.application,
    graphHash: plan.graphHash,
    jobId: options.jobId,
    checkpointId: pending.id,
    savepoint: pending.request.directory !== undefined,
    triggeredAt: new Date(pending.triggeredAtMs).toISOString(),
    completedAt: new Date(end.completedAtMs).toISOString(),
    parallelism: options.parallelism,
    maxParallelism: maxParallelismOf(graph),
    operators: plan.description.nodes.map(({ id, name, kind, state }): ManifestOperator => ({
      id,
      name,
      kind,
      parallelism: parallelism.get(id) ?? options.parallelism,
      state,
      chunks: chunks.get(id) ?? [],
    })),
    splits: splitsOf(pending, end.finished),
  };
}

function chunksByOperator(chains: Iterable<ChainPart>): ReadonlyMap<string, readonly ManifestChunk[]> {
  const chunks = new Map<string, ManifestChunk[]>();
  for (const { operatorId, chunk, stored } of chains) {
    if (chunk === undefined || !stored)
      throw new Error(`A chain of operator ${operatorId} has a part that is not stored`);
    const all = chunks.get(operatorId) ?? [];
    all.push(chunk);
    chunks.set(operatorId, all);
  }
  return chunks;
}

function parallelismByOperator({ vertices }: JobGraph): ReadonlyMap<string, number> {
  return new Map(
    vertices.flatMap(({ nodes, parallelism }) => nodes.map(({ id }) => [id, parallelism] as const)),
  );
}

function splitsOf(
  pending: PendingCheckpoint,
  finished: ReadonlyMap<string, readonly Split[]>,
): ManifestSplit[] {
  const before = [...finished].flatMap(([operatorId, splits]) =>
    splits.map((split) => ({ operatorId, split })),
  );
  return [...before, ...pending.splits].map(({ operatorId, split }) => ({
    operatorId,
    id: split.id,
    position: split.position,
    finished: split.finished === true,
  }));
}
