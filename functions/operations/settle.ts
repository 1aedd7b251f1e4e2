import type { Deployment } from '#contract/resources/deployment.ts';
import type { NextStatus } from '../control/next-status.ts';
import { deploymentSentence } from '../control/state-sentences.ts';
import type { Write } from '../stores/database.ts';
import { clearedConditions } from './cleared-conditions.ts';
import type { StepContext } from '../steps/step.ts';

/** What the deployment is when the operation has ended, besides its status. */
export interface Settled {
  readonly message: string | null;
  /** As it is then, where the operation changes more than its status; its revision is the one that was read. */
  readonly deployment?: Deployment;
}

/** The deployment as an operation leaves it: free for the next one. */
export function settle(context: StepContext, next: NextStatus, settled: Settled): Write[] {
  const { platform, operation, at } = context;
  const deployment = settled.deployment ?? context.deployment;
  const before = deployment.status.state;
  const isChanged = before !== next.state;
  const replaced = platform.stores.deployments.replaced({
    ...deployment,
    spec: { ...deployment.spec, desiredState: next.desiredState },
    status: {
      ...deployment.status,
      state: next.state,
      message: settled.message,
      operationId: null,
      conditions: next.state === 'running' ? deployment.status.conditions : [],
      ...(isChanged ? { transitionedAt: at } : {}),
    },
    revision: deployment.revision + 1,
  });
  if (!isChanged) return [replaced];
  const cleared = next.state === 'running' ? [] : clearedConditions(deployment, context.event);
  return [
    replaced,
    ...cleared,
    context.event({
      name: 'state-changed',
      severity: next.state === 'failed' ? 'error' : 'info',
      message: deploymentSentence(next.state),
      jobId: operation.jobId,
      before,
      after: next.state,
    }),
  ];
}
