/** The function `sweep`: compares, every minute, what should be with what is, for whatever events missed. */
import { endedOperationStates } from '#contract/resources/operation.ts';
import { failureStep } from '#contract/workflows.ts';
import { observe } from '../control/observe.ts';
import type { Action } from '../control/observe.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import { platform } from '../middleware/platform.ts';
import type { Platform } from '../middleware/platform.ts';
import { beginQueued } from '../operations/begin-queued.ts';
import { closeFailed } from '../operations/close-failed.ts';
import { openContext } from '../steps/open-context.ts';
import { aFewAtOnce } from './a-few-at-once.ts';
import { bringChange } from './bring-change.ts';
import { examineJob } from './examine-job.ts';
import { lookAtJobs, observedOperations } from './look-at-jobs.ts';
import type { LookedAtJob } from './look-at-jobs.ts';
import { noteConditions } from './note-conditions.ts';
import { noteSilence, replaceSilentJob } from './silent-job.ts';
import { endZombie, stopLeftover } from './unwanted.ts';

/** Actions are a handful as a rule; after an outage they may be hundreds. */
const AT_ONCE = 16;

export async function handler(): Promise<{ readonly actions: number }> {
  return sweep(platform());
}

export async function sweep(platform: Platform): Promise<{ readonly actions: number }> {
  const [operations, lookedAt, tasks] = await Promise.all([
    observedOperations(platform),
    lookAtJobs(platform),
    platform.tasks.running(),
  ]);
  const jobs = lookedAt.map(({ observed }) => observed);
  const actions = observe({ nowMs: platform.now().getTime(), operations, jobs, tasks });
  await aFewAtOnce(actions, AT_ONCE, (action) => carryOut(platform, action));
  await aFewAtOnce(lookedAt, AT_ONCE, (looked) => noteQuietly(platform, looked));
  if (actions.length > 0) logger.info('A sweep found differences', { actions: actions.length });
  return { actions: actions.length };
}

/** Conditions of jobs that nobody deals with just now; what an operation changes is looked at after it. */
async function noteQuietly(
  platform: Platform,
  { deployment, job, health, observed }: LookedAtJob,
): Promise<void> {
  if (deployment === undefined || observed.hasActiveOperation || observed.isUnwanted === true) return;
  try {
    await noteConditions(platform, { deployment, job, health });
  } catch (error) {
    logger.warn('The conditions of a deployment were not noted', {
      deploymentId: deployment.id,
      ...errorFields(error),
    });
  }
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
    case 'begin-queued':
      return beginQueued(platform, action.namespace, action.deployment);
    case 'end-zombie':
      return endZombie(platform, placeOf(action));
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
    case 'bring-change':
      return bringChange(platform, placeOf(action));
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
