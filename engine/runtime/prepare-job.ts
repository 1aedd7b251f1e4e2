import type { JobGraph } from '../graph/job-graph.ts';
import type { Host } from '../host.ts';
import { CheckpointStore } from './coordinator/checkpoint-store.ts';
import type { LocatedManifest } from './coordinator/manifest.ts';
import { Refusal } from './coordinator/refusal.ts';
import { checkRestorable, restorePoint } from './coordinator/restore-point.ts';
import type { JobOptions } from './job-options.ts';
import { layOut, planJob, type JobPlan } from './job-plan.ts';

/** A job that may start: its program is known, its epoch holds, its state is there. */
export interface PreparedJob {
  readonly plan: JobPlan;
  readonly graph: JobGraph;
  readonly store: CheckpointStore;
  readonly restored: LocatedManifest | undefined;
}

/**
 * Everything that can refuse a job, before the first thread is started. Throws a `Refusal`, a `FencedError` or
 * what the program threw.
 */
export async function prepareJob(options: JobOptions, host: Host): Promise<PreparedJob> {
  const { jobId, prefix, epoch, restore, parallelism } = options;
  const plan = await planJob(options);
  if (options.graphHash !== undefined && options.graphHash !== plan.graphHash) {
    throw new Refusal(
      `Cannot run application "${plan.graph.application}": its graph has hash ${plan.graphHash}, the version was registered with ${options.graphHash}; push the application again`,
    );
  }
  const store = await CheckpointStore.open(host.storage, { prefix, jobId, epoch }, (event) =>
    host.reporter.report(event),
  );
  const restored = await restorePoint(host.storage, store, restore);
  if (restored !== undefined) checkRestorable(restored, plan.graph, restorability(options));
  await store.adopt(restored);
  const graph = layOut(plan, parallelism, restored?.manifest.maxParallelism ?? options.maxParallelism);
  return { plan, graph, store, restored };
}

function restorability({ restore, maxParallelism }: JobOptions) {
  return {
    maxParallelism,
    allowNonRestoredState: restore.kind === 'manifest' && restore.allowNonRestoredState === true,
  };
}
