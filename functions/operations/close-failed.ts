import type { OperationStep } from '#contract/resources/operation.ts';
import { stateFailure } from './fail-operation.ts';
import { saveOperation } from '../steps/open-context.ts';
import type { OpenContext } from '../steps/open-context.ts';
import { startExecutionSoon } from './start-execution.ts';

/** Ends an operation as failed, with every step that it has; answers what the deployment is then. */
export async function closeFailed(context: OpenContext, caught: string | undefined): Promise<string> {
  const outcome = await stateFailure(context, caught);
  await saveOperation(context, { steps: closedSteps(context), ...outcome.change }, outcome.writes ?? []);
  if (outcome.followUp !== undefined) await startExecutionSoon(context.platform, outcome.followUp);
  return outcome.message;
}

/** What never ran is skipped; what was running when it failed has failed. */
function closedSteps({ operation, at }: OpenContext): OperationStep[] {
  return operation.steps.map((step) => {
    if (step.state === 'pending') return { ...step, state: 'skipped' };
    return step.state === 'running' ? { ...step, state: 'failed', endedAt: at } : step;
  });
}
