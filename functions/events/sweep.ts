/** The function `sweep`: compares, every minute, what should be with what is, for whatever events missed. */
import { endedOperationStates } from '#contract/resources/operation.ts';
import { failureStep } from '#contract/workflows.ts';
import { observe } from '../control/observe.ts';
import type { Action, ObservedJob, ObservedOperation } from '../control/observe.ts';
import { newEvent } from '../control/new-event.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import { platform } from '../middleware/platform.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredJob } from '../stores/jobs.ts';
import { closeFailed } from '../steps/close-failed.ts';
import { openContext } from '../steps/open-context.ts';
import { examineJob } from './examine-job.ts';
import { noteSilence, probeJob, replaceSilentJob } from './silent-job.ts';

export async function handler(): Promise<{ readonly actions: number }> {
  return sweep(platform());
}

export async function sweep(platform: Platform): Promise<{ readonly actions: number }> {
  const [operations, jobs, tasks] = await Promise.all([
    observedOperations(platform),
    observedJobs(platform),
    platform.tasks.running(),
  ]);
  const actions = observe({ nowMs: platform.now().getTime(), operations, jobs, tasks });
  for (const action of actions) await carryOut(platform, action);
  if (actions.length > 0) logger.info('A sweep found differences', { actions: actions.length });
  return { actions: actions.length };
}

async function observedOperations({ stores, executions }: Platform): Promise<ObservedOperation[]> {
  const active = await stores.operations.active();
  const observed = await Promise.all(
    active.map(async ({ id, namespace }): Promise<ObservedOperation[]> => {
      const operation = await stores.operations.get(id);
      if (operation === undefined) return [];
      const { state, createdAt, deploymentId } = operation;
      const execution = await executions.state(id);
      return [{ id, namespace, deploymentId, state, createdAtMs: Date.parse(createdAt), execution }];
    }),
  );
  return observed.flat();
}

async function observedJobs(platform: Platform): Promise<ObservedJob[]> {
  const { stores } = platform;
  const jobs = await stores.jobs.live();
  const arns = jobs.flatMap((job) => job.attempts.at(-1)?.taskArn ?? []);
  const tasks = new Map(
    (await platform.tasks.describe(arns)).map((task) => [task.arn, task.status !== 'stopped']),
  );
  return Promise.all(
    jobs.map(async (job) => {
      const deployment = await stores.deployments.get(job.namespace, job.deployment);
      const isTaskAlive = tasks.get(job.attempts.at(-1)?.taskArn ?? '');
      const hasActiveOperation = deployment !== undefined && deployment.status.operationId !== null;
      const isAsked = isTaskAlive === true && !hasActiveOperation;
      return {
        deploymentId: job.deploymentId,
        number: job.number,
        attempt: job.attempts.length,
        taskArn: job.attempts.at(-1)?.taskArn ?? null,
        hasActiveOperation,
        isTaskAlive,
        answers: isAsked ? await probeJob(platform, job) : undefined,
        silentSinceMs: job.silentSince === null ? undefined : Date.parse(job.silentSince),
      };
    }),
  );
}

/** One action that fails keeps none of the others from being done; the next sweep finds it again. */
async function carryOut(platform: Platform, action: Action): Promise<void> {
  try {
    await perform(platform, action);
  } catch (error) {
    logger.error('An action of the sweep failed', {
      ...action,
      runbook: 'sweep-action-failed',
      ...errorFields(error),
    });
  }
}

async function perform(platform: Platform, action: Action): Promise<void> {
  switch (action.kind) {
    case 'start-execution': {
      const operation = await platform.stores.operations.get(action.operationId);
      if (operation !== undefined) await platform.executions.start(operation);
      return;
    }
    case 'fail-operation':
      return failOperation(platform, action.operationId);
    case 'examine-job':
      return examine(platform, action.deploymentId, action.number);
    case 'note-silence':
      return noteSilence(platform, placeOf(action), platform.now().toISOString());
    case 'note-answer':
      return noteSilence(platform, placeOf(action), null);
    case 'replace-silent':
      return replaceSilentJob(platform, placeOf(action));
    case 'stop-leftover':
      return stopLeftover(platform, action);
  }
}

function placeOf({ deploymentId, number }: { readonly deploymentId: string; readonly number: number }) {
  return { deploymentId, jobNumber: number };
}

async function failOperation(platform: Platform, operationId: string): Promise<void> {
  const operation = await platform.stores.operations.get(operationId);
  if (operation === undefined || endedOperationStates.includes(operation.state)) return;
  await closeFailed(await openContext(platform, operation, failureStep), undefined);
}

async function examine(platform: Platform, deploymentId: string, jobNumber: number): Promise<void> {
  const job = await platform.stores.jobs.get(deploymentId, jobNumber);
  const arn = job?.attempts.at(-1)?.taskArn ?? null;
  const task = arn === null ? undefined : (await platform.tasks.describe([arn]))[0];
  if (task !== undefined && task.status !== 'stopped') return;
  await examineJob(platform, { deploymentId, jobNumber }, task);
}

async function stopLeftover(
  platform: Platform,
  { arn, owner }: Extract<Action, { kind: 'stop-leftover' }>,
): Promise<void> {
  await platform.tasks.stop(arn, 'leftover of an attempt that has ended');
  const job = await platform.stores.jobs.get(owner.deploymentId, owner.jobNumber);
  if (job !== undefined) await platform.stores.commit([leftoverEvent(platform, job, owner.attempt)]);
}

function leftoverEvent({ stores, now, newId }: Platform, job: StoredJob, attempt: number) {
  return stores.events.appended(
    newEvent(
      {
        id: newId(),
        at: now().toISOString(),
        actor: 'system:reconciler',
        namespace: job.namespace,
        deployment: job.deployment,
        deploymentId: job.deploymentId,
      },
      {
        name: 'leftover-task-stopped',
        severity: 'warning',
        message: `A task of attempt ${attempt} of job ${job.number} still ran and was stopped.`,
        jobId: job.id,
      },
    ),
  );
}
