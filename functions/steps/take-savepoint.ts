import { bucketKeys } from '#contract/names.ts';
import { Problem } from '#contract/problems.ts';
import type { OperationKind } from '#contract/resources/operation.ts';
import type { Savepoint } from '#contract/resources/savepoint.ts';
import { newSavepoint } from '../control/new-savepoint.ts';
import { flinkId } from '../control/trigger-id.ts';
import type { StoredSavepoint } from '../stores/savepoints.ts';
import { liveJob } from './live-task.ts';
import type { LiveJob } from './live-task.ts';
import type { Step, StepContext } from './step.ts';
import { howOf, triggerSavepoint } from './trigger-savepoint.ts';

const origins: Readonly<Partial<Record<OperationKind, Savepoint['origin']>>> = {
  suspend: 'suspend',
  drain: 'suspend',
  upgrade: 'upgrade',
  restart: 'upgrade',
  migrate: 'upgrade',
};

/** Writes the savepoint down with a trigger id of ours, then asks the job for it. */
export const takeSavepoint: Step = async (context) => {
  const live = liveJob(context.job);
  const { replacement } = context.operation;
  if (replacement?.takesSavepoint === false)
    return { message: 'The job before is ended without a savepoint.', isSkipped: true };
  if (live === undefined) {
    const message = `Cannot ${context.operation.kind} deployment "${context.deployment.name}": it has no live job; look at its event log`;
    throw new Problem('savepoint-failed', message);
  }
  const savepoint = (await existing(context)) ?? (await begin(context, live));
  await triggerSavepoint(context.platform, live, savepoint, howOf(context));
  return { message: `Savepoint ${savepoint.id} was triggered.` };
};

async function existing({ platform, operation }: StepContext): Promise<StoredSavepoint | undefined> {
  const { savepointId, deploymentId } = operation;
  return savepointId === null ? undefined : platform.stores.savepoints.get(deploymentId, savepointId);
}

async function begin(context: StepContext, { job }: LiveJob): Promise<StoredSavepoint> {
  const { platform, operation, at } = context;
  const { stores } = platform;
  const id = platform.newId();
  const savepoint: StoredSavepoint = {
    ...newSavepoint({
      id,
      namespace: job.namespace,
      deployment: job.deployment,
      deploymentId: job.deploymentId,
      jobId: job.id,
      jobNumber: job.number,
      version: job.spec.version,
      specRevision: job.specRevision,
      origin: operation.request.schedule === null ? (origins[operation.kind] ?? 'user-request') : 'scheduled',
      schedule: operation.request.schedule,
      description: operation.request.description,
      location: stores.jobFiles.address(
        operation.request.savepointDirectory ?? bucketKeys.savepoint(job.deploymentId, id),
      ),
      createdAt: at,
      createdBy: operation.actor,
    }),
    triggerId: flinkId(id),
    tries: 1,
    revision: 1,
    isPurging: false,
  };
  await context.save({ savepointId: id }, [
    stores.savepoints.written(savepoint),
    context.event({
      name: 'savepoint-started',
      message: `Savepoint ${id} of job ${job.number} began.`,
      jobId: job.id,
    }),
  ]);
  return savepoint;
}
