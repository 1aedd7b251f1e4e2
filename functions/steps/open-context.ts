/** Loads what a step works on. */
import type { WorkflowStep } from '#contract/workflows.ts';
import { newEvent } from '../control/new-event.ts';
import { invariant } from '../middleware/invariant.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import type { StoredOperation } from '../stores/operations.ts';
import type { OperationChange, StepContext } from './step.ts';

/** A context whose operation moves on with every write. */
export interface OpenContext extends StepContext {
  operation: StoredOperation;
}

export async function openContext(
  platform: Platform,
  operation: StoredOperation,
  step: WorkflowStep,
): Promise<OpenContext> {
  const { stores } = platform;
  const deployment = await stores.deployments.get(operation.namespace, operation.deployment);
  invariant(deployment !== undefined, 'a deployment outlives its operations');
  const { jobNumber } = deployment.status;
  const job = jobNumber === null ? undefined : await stores.jobs.get(deployment.id, jobNumber);
  const at = platform.now().toISOString();
  const context: OpenContext = {
    platform,
    operation,
    deployment,
    job,
    step,
    at,
    event: (happening) =>
      stores.events.appended(
        newEvent(
          {
            id: platform.newId(),
            at,
            actor: operation.actor,
            namespace: deployment.namespace,
            deployment: deployment.name,
            deploymentId: deployment.id,
          },
          { operationId: operation.id, ...happening },
        ),
      ),
    save: (change, writes) => saveOperation(context, change, writes),
  };
  return context;
}

/** Writes the operation with a change and everything that belongs to it, all or nothing. */
export async function saveOperation(
  context: OpenContext,
  change: OperationChange & Partial<Pick<StoredOperation, 'steps'>>,
  writes: readonly Write[],
): Promise<void> {
  const next: StoredOperation = {
    ...context.operation,
    ...change,
    revision: context.operation.revision + 1,
  };
  const { stores } = context.platform;
  await stores.commit([...stores.operations.replaced(next), ...writes]);
  context.operation = next;
}
