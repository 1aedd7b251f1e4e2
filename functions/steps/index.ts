/** Every step by its name in the workflows of the contract. */
import { awaitHealthy } from './await-healthy.ts';
import { awaitRunning } from './await-running.ts';
import { awaitSavepoint } from './await-savepoint.ts';
import { awaitTaskStopped } from './await-task-stopped.ts';
import { beginOperation } from './begin-operation.ts';
import { cancelJob } from './cancel-job.ts';
import { checkState } from './check-state.ts';
import { claimEpoch } from './claim-epoch.ts';
import { clearJob } from './clear-job.ts';
import { copySavepoint } from './copy-savepoint.ts';
import { finishOperation } from './finish-operation.ts';
import { prepareTask } from './prepare-task.ts';
import { retireTask } from './retire-task.ts';
import { removeDeployment } from './remove-deployment.ts';
import { rescaleJob } from './rescale-job.ts';
import { startTask } from './start-task.ts';
import type { Step } from './step.ts';
import { stopTaskStep } from './stop-task.ts';
import { takeParentSavepoint } from './take-parent-savepoint.ts';
import { takeSavepoint } from './take-savepoint.ts';

export const steps: Readonly<Record<string, Step>> = {
  'begin-operation': beginOperation,
  'check-state': checkState,
  'prepare-task': prepareTask,
  'clear-job': clearJob,
  'claim-epoch': claimEpoch,
  'start-task': startTask,
  'await-running': awaitRunning,
  'await-healthy': awaitHealthy,
  'take-savepoint': takeSavepoint,
  'take-parent-savepoint': takeParentSavepoint,
  'copy-savepoint': copySavepoint,
  'await-savepoint': awaitSavepoint,
  'cancel-job': cancelJob,
  'stop-task': stopTaskStep,
  'await-task-stopped': awaitTaskStopped,
  'retire-task': retireTask,
  'rescale-job': rescaleJob,
  'remove-deployment': removeDeployment,
  'finish-operation': finishOperation,
};
