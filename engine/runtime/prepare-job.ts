import type { JobGraph } from '../graph/job-graph.ts';
import type { Host } from '../host.ts';
import { CheckpointStore } from './coordinator/checkpoint-store.ts';
import { checkInFlightFits } from './coordinator/fitting-in-flight.ts';
import { checkNothingLost, checkStateFits } from './coordinator/fitting-state.ts';
import type { LocatedManifest } from './coordinator/manifest.ts';
import type { ReadCheckpoint } from './coordinator/read-checkpoint.ts';
import type { Unread } from './coordinator/read-parts.ts';
import { Refusal } from './coordinator/refusal.ts';
import { checkRestorable, restorePoint } from './coordinator/restore-point.ts';
import type { JobOptions, RestoreTolerance } from './job-options.ts';
import { layOut, planJob, type JobPlan } from './job-plan.ts';
import { checkEffectsAppear } from './visible-effects.ts';

/** A job that may start: its program is known, its epoch holds, its state is there. */
export interface PreparedJob {
  readonly plan: JobPlan;
  readonly graph: JobGraph;
  readonly store: CheckpointStore;
  readonly restored: LocatedManifest | undefined;
}

/** A job that may start, with the state for its first attempt; later ones read theirs. */
export interface PreparedStart {
  readonly prepared: PreparedJob;
  readonly first: ReadCheckpoint | undefined;
}

/** What the program says of itself. Throws a `Refusal` or what the program threw, and would again. */
export async function acceptedPlan(options: JobOptions): Promise<JobPlan> {
  const plan = await planJob(options);
  if (options.graphHash !== undefined && options.graphHash !== plan.graphHash) {
    throw new Refusal(
      `Cannot run application "${plan.graph.application}": its graph has hash ${plan.graphHash}, the version was registered with ${options.graphHash}; push the application again`,
    );
  }
  checkEffectsAppear(plan.graph, options);
  return plan;
}

/**
 * Everything else that can refuse a job, before the first thread is started. Throws a `Refusal` or a `FencedError`;
 * any other error, such as of a storage that does not answer, may be gone at the next try.
 */
export async function prepareJob(
  plan: JobPlan,
  options: JobOptions,
  { host, unread }: { readonly host: Host; readonly unread?: Unread | undefined },
): Promise<PreparedStart> {
  const { jobId, prefix, epoch, restore } = options;
  const { storage, compression } = host;
  const tolerance: RestoreTolerance = restore.kind === 'none' ? {} : restore;
  const store = await CheckpointStore.open(
    {
      storage,
      ...(compression === undefined ? {} : { compression }),
      renames: tolerance.renames,
      report: (event) => host.reporter.report(event),
    },
    { prefix, jobId, epoch },
    options.retainedCheckpoints,
  );
  const first = await restorePoint(store, restore, unread);
  const restored = first?.located;
  if (restored !== undefined) {
    const { allowNonRestoredState = false } = tolerance;
    checkRestorable(restored, plan.graph, { maxParallelism: options.maxParallelism, allowNonRestoredState });
    checkStateFits(restored, plan.description);
    if (!allowNonRestoredState) checkNothingLost(restored, plan.description);
  }
  const graph = laidOut(plan, options, restored);
  if (restored !== undefined) checkInFlightFits(restored, { graph, graphHash: plan.graphHash });
  await store.adopt(restored);
  return { prepared: { plan, graph, store, restored }, first };
}

function laidOut(plan: JobPlan, options: JobOptions, restored: LocatedManifest | undefined): JobGraph {
  try {
    return layOut(plan, options.parallelism, restored?.manifest.maxParallelism ?? options.maxParallelism);
  } catch (cause) {
    // The program and its options do not fit, and will not the next time.
    throw new Refusal(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
