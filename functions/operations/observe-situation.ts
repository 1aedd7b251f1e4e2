/** Loads what a decision about a deployment needs to know. */
import type { GraphDescription } from '#contract/resources/application-version.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import type { Verb } from '#contract/verbs.ts';
import type { RetainedCheckpoint } from '../control/choose-restore.ts';
import type { Situation } from '../control/decide-operation.ts';
import { driftOf } from '../control/job-settings.ts';
import { pendingSentence } from '../control/spec-change.ts';
import type { Platform } from '../middleware/platform.ts';
import type { HeadCheckpoint } from '../stores/head.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { observeObstacle } from './observe-obstacle.ts';

/** What the caller of a decision knows of the verb already. */
export interface AskedVerb {
  readonly verb: Verb;
  readonly rollbackTo?: number | undefined;
  readonly isRestated?: boolean | undefined;
}

/** `deployment` has the spec that it is to have; its status is the one of now. */
export async function observeSituation(
  platform: Platform,
  deployment: Deployment,
  asked?: AskedVerb,
): Promise<Situation> {
  const { stores } = platform;
  const { operationId, state, jobNumber, queue } = deployment.status;
  const firstInLine = operationId ?? queue[0];
  const beginsJob = asked !== undefined && beginning.has(asked.verb);
  const [savepoints, head, active, job, pausesMs, obstacle] = await Promise.all([
    stores.savepoints.completed(deployment.id),
    stores.heads.read(deployment.id),
    firstInLine === undefined ? undefined : stores.operations.get(firstInLine),
    jobNumber === null ? undefined : stores.jobs.get(deployment.id, jobNumber),
    beginsJob ? lastPauses(platform, deployment, asked.verb) : [],
    beginsJob ? observeObstacle(platform, deployment) : undefined,
  ]);
  const drift =
    job === undefined || state !== 'running' || beginsJob ? [] : driftOf(job.spec, deployment.spec);
  const warning = pendingSentence(drift);
  return {
    deployment,
    active,
    job,
    candidates: { savepoints, checkpoint: await observeCheckpoint(platform, head?.head.checkpoint) },
    warnings: warning === undefined ? [] : [warning],
    graphs: beginsJob ? await graphsOf(platform, deployment, { savepoints, job }) : undefined,
    pausesMs,
    obstacle,
    rollbackTo: asked?.rollbackTo,
    isRestated: asked?.isRestated ?? false,
    nowMs: platform.now().getTime(),
  };
}

const beginning: ReadonlySet<Verb> = new Set([
  'start',
  'upgrade',
  'rollback',
  'restart',
  'reset',
  'migrate',
] satisfies Verb[]);

const MEASURED = 5;

/** Of the last operations of the kind that succeeded, the newest first. */
async function lastPauses({ stores }: Platform, { id }: Deployment, verb: Verb): Promise<number[]> {
  const { items } = await stores.operations.list(id, { limit: 50 });
  return items
    .filter(({ kind, state }) => kind === verb && state === 'succeeded')
    .flatMap(({ pauseMs }) => pauseMs ?? [])
    .slice(0, MEASURED);
}

// Older states than those of so many versions are named one by one, by a reset.
const VERSIONS = 10;

/** Graphs by version, of the spec and of all that its job could begin from; none where one program did all of it. */
async function graphsOf(
  { stores }: Platform,
  { namespace, spec }: Deployment,
  from: { readonly savepoints: readonly Savepoint[]; readonly job: StoredJob | undefined },
): Promise<ReadonlyMap<number, GraphDescription>> {
  const ofJob = from.job === undefined ? [] : [from.job.spec.version];
  const named = from.savepoints.map(({ version }) => version);
  const numbers = [...new Set([spec.version, ...ofJob, ...named])].slice(0, VERSIONS);
  if (numbers.length === 1) return new Map();
  const found = await Promise.all(
    numbers.map((number) => stores.versions.get(namespace, spec.application, number)),
  );
  return new Map(found.flatMap((one) => (one === undefined ? [] : [[one.version, one.graph] as const])));
}

/** A committed checkpoint, if its files are still in the bucket. */
export async function observeCheckpoint(
  { stores }: Platform,
  checkpoint: HeadCheckpoint | undefined,
): Promise<RetainedCheckpoint | undefined> {
  if (checkpoint === undefined) return undefined;
  const committedAt = await stores.heads.checkpointAt(checkpoint);
  if (committedAt === undefined) return undefined;
  return {
    id: checkpoint.id,
    location: stores.jobFiles.address(checkpoint.manifest),
    atMs: committedAt.getTime(),
  };
}
