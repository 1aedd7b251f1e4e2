/** Everything that a worker needs, handed to it with its task. */
import { startedBy } from '../control/observe.ts';
import { restoreOf, workerSettings } from '../control/worker-settings.ts';
import { setting } from '../middleware/environment.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { secretsAddress } from './launch-secrets.ts';
import type { LiveJob } from './live-task.ts';
import type { StepContext } from './step.ts';
import type { TaskLaunch } from './tasks.ts';

// A task on Fargate is up within a minute or two; the worker loads its bundles first of all.
const ADDRESS_SECONDS = 900;

/** Starts the task of an attempt and answers the job that knows its ARN. The caller writes it. */
export async function launchTask(context: StepContext, { job, attempt }: LiveJob): Promise<StoredJob> {
  const { tasks, stores } = context.platform;
  const mark = startedBy({
    deploymentId: job.deploymentId,
    jobNumber: job.number,
    attempt: attempt.number,
  });
  // A try before this one may have started it and died before it could write that down.
  const isRepeated = context.operation.steps.some(
    ({ name, attempts }) => name === context.step.step && attempts > 1,
  );
  const target = await stores.targets.get(job.spec.target);
  const existing = isRepeated ? await tasks.find(mark, target) : undefined;
  const taskArn = existing ?? (await tasks.run(await launchOf(context.platform, { job, attempt })));
  const attempts = job.attempts.map((one) => (one.number === attempt.number ? { ...one, taskArn } : one));
  return { ...job, attempts, revision: job.revision + 1 };
}

/** What the task of an attempt is started with. */
export async function launchOf(platform: Platform, { job, attempt }: LiveJob): Promise<TaskLaunch> {
  const { stores, jobs } = platform;
  const [head, target] = await Promise.all([
    stores.heads.read(job.deploymentId),
    stores.targets.get(job.spec.target),
  ]);
  return {
    startedBy: startedBy({
      deploymentId: job.deploymentId,
      jobNumber: job.number,
      attempt: attempt.number,
    }),
    clientToken: `${job.id}-${attempt.number}`,
    group: `headwater/${job.deploymentId}`,
    resources: job.spec.resources,
    target,
    environment: workerSettings(job, attempt, {
      bucket: setting('bucket'),
      workerUrl: await stores.bundles.presignObject(
        setting('workerBucket'),
        setting('workerKey'),
        ADDRESS_SECONDS,
      ),
      workerSha256: setting('workerSha256'),
      applicationUrl: await stores.bundles.presignDownload(job.applicationSha256, ADDRESS_SECONDS),
      restToken: await jobs.token(job.id),
      secretsUrl: await secretsAddress(platform, job, ADDRESS_SECONDS),
      restore: restoreOf(job, attempt, {
        hasCheckpoint: head?.head.checkpoint !== undefined,
        keyOf: stores.jobFiles.keyOf,
      }),
    }),
  };
}
