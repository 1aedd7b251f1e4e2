/** Why a deployment needs a version: such a version cannot be deleted. */
import type { Deployment } from '#contract/resources/deployment.ts';
import { endedJobStates } from '#contract/resources/job.ts';
import type { Job } from '#contract/resources/job.ts';
import type { SpecRevision } from '#contract/resources/revision.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';

/** What a deployment has that may need a version. */
export interface VersionHolder {
  readonly deployment: Deployment;
  /** Its newest job. */
  readonly job: Job | undefined;
  readonly savepoints: readonly Savepoint[];
  /** The newest first. */
  readonly revisions: readonly SpecRevision[];
}

/**
 * The reason as a part of a sentence; undefined when the deployment can do without.
 *
 * A deployment needs the version that it states, the one that its newest job ran, those of the savepoints that it
 * keeps, and the one that a rollback returns to: the newest that it stated before the present one. Deployments in the
 * trash need theirs as well, since they may come back.
 */
export function versionNeed(holder: VersionHolder, version: number): string | undefined {
  const { deployment, job, savepoints } = holder;
  if (deployment.spec.version === version)
    return deployment.deletion === null ? 'states it' : 'states it, in the trash';
  if (job?.spec.version === version) {
    return endedJobStates.includes(job.state)
      ? `ran it last, as job ${job.number}`
      : `runs it as job ${job.number}`;
  }
  const savepoint = savepoints.find((one) => one.version === version && one.state === 'completed');
  if (savepoint !== undefined) return `keeps savepoint ${savepoint.id} of it`;
  return rollbackVersion(holder) === version ? 'would return to it by a rollback' : undefined;
}

function rollbackVersion({ deployment, revisions }: VersionHolder): unknown {
  return revisions
    .map(({ stated }) => stated['version'])
    .find((stated) => stated !== undefined && stated !== deployment.spec.version);
}
