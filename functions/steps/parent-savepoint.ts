/** The savepoint of a parent that a fork asks for. */
import { Problem } from '#contract/problems.ts';
import type { Parent } from '#contract/resources/deployment.ts';
import type { Operation } from '#contract/resources/operation.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredOperation } from '../stores/operations.ts';
import { requestVerb } from '../operations/request-verb.ts';

/** Asks the parent for a savepoint. The key is the fork's, so asking again is asking once. */
export async function requestParentSavepoint(
  platform: Platform,
  fork: Pick<Operation, 'id' | 'deployment' | 'actor'>,
  parent: Parent,
): Promise<void> {
  await requestVerb(platform, {
    namespace: parent.namespace,
    deployment: parent.deployment,
    verb: 'savepoint',
    description: `For fork "${fork.deployment}"`,
    actor: fork.actor,
    idempotencyKey: keyOf(fork),
  });
}

/** The same, where the parent may be busy: then a step of the fork asks again. */
export async function requestParentSavepointSoon(
  platform: Platform,
  fork: Pick<Operation, 'id' | 'deployment' | 'actor'>,
  parent: Parent,
): Promise<void> {
  try {
    await requestParentSavepoint(platform, fork, parent);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

/** The operation that takes it, as soon as the parent has accepted it. */
export async function parentSavepointOf(
  { stores }: Platform,
  fork: Pick<Operation, 'id'>,
  { deploymentId }: Parent,
): Promise<StoredOperation | undefined> {
  const accepted = await stores.idempotency.get(deploymentId, keyOf(fork));
  return accepted === undefined ? undefined : stores.operations.get(accepted.operationId);
}

function keyOf({ id }: Pick<Operation, 'id'>): string {
  return `fork-${id}`;
}
