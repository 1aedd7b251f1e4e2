/** Flink's trigger ids for our operations: the client polls one, and our operation answers. */
import type { Deployment } from '#contract/resources/deployment.ts';
import { CHECKPOINT_FAILED, failureCause, JOB_NOT_FOUND } from '#engine/rest/failure-cause.ts';
import { ulidOf } from '../control/trigger-id.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredOperation } from '../stores/operations.ts';

/** The idempotency key of a trigger id that the client chose. */
export function triggerKey(triggerId: string): string {
  return `flink-trigger-${triggerId}`;
}

/** The savepoint operation behind a trigger id in Flink's form; undefined when the id is none of ours. */
export async function triggerStatus(
  platform: Platform,
  deployment: Deployment,
  triggerId: string,
): Promise<unknown> {
  const operation = await operationOf(platform, deployment, triggerId);
  if (operation === undefined) return undefined;
  if (operation.state === 'failed' || operation.state === 'cancelled')
    return failed(operation.problem?.detail ?? `The operation was ${operation.state}.`);
  const { savepointId } = operation;
  const savepoint =
    savepointId === null ? undefined : await platform.stores.savepoints.get(deployment.id, savepointId);
  const isComplete = operation.state === 'succeeded' && savepoint !== undefined;
  return isComplete
    ? { status: { id: 'COMPLETED' }, operation: { location: savepoint.location } }
    : { status: { id: 'IN_PROGRESS' }, operation: null };
}

/** What became of the disposal of a savepoint, whose id the trigger is: it is over when the savepoint is not there. */
export async function disposalStatus(
  { stores }: Platform,
  deployment: Deployment,
  triggerId: string,
): Promise<unknown> {
  const savepointId = ulidOf(triggerId);
  const left =
    savepointId === undefined ? undefined : await stores.savepoints.get(deployment.id, savepointId);
  return left === undefined
    ? { status: { id: 'COMPLETED' }, operation: {} }
    : { status: { id: 'IN_PROGRESS' }, operation: null };
}

async function operationOf(
  { stores }: Platform,
  deployment: Deployment,
  triggerId: string,
): Promise<StoredOperation | undefined> {
  const chosen = await stores.idempotency.get(deployment.id, triggerKey(triggerId));
  const operationId = chosen?.operationId ?? ulidOf(triggerId);
  const operation = operationId === undefined ? undefined : await stores.operations.get(operationId);
  return operation?.deploymentId === deployment.id ? operation : undefined;
}

/** The result of whatever was asked of a job that is not there. */
export function noJobOf(jobId: string): unknown {
  return failed(`Could not find Flink job (${jobId})`, JOB_NOT_FOUND);
}

/** In the form of Flink's failure cause: its command line prints the message only out of a Java object. */
function failed(reason: string, className: string = CHECKPOINT_FAILED): unknown {
  return {
    status: { id: 'COMPLETED' },
    operation: { 'failure-cause': failureCause(className, reason) },
  };
}
