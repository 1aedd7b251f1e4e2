import { Problem } from '#contract/problems.ts';
import { endedOperationStates, Operation } from '#contract/resources/operation.ts';
import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import type { Platform } from '../middleware/platform.ts';

const POLL_MS = 250;

export const getOperation = handler('getOperation', async ({ platform, params, query, access }) => {
  const deadline = platform.now().getTime() + query.wait * 1000;
  let operation = await existingOperation(platform, params.namespace, params.operation);
  const place = { namespace: operation.namespace, deployment: operation.deployment };
  demand(access, 'deployments:read', place, `read operation "${operation.id}"`);
  while (!hasEnded(operation) && platform.now().getTime() + POLL_MS <= deadline) {
    await pause();
    operation = await existingOperation(platform, params.namespace, params.operation);
  }
  return { body: operation, revision: operation.revision };
});

async function existingOperation({ stores }: Platform, namespace: string, id: string): Promise<Operation> {
  const found = await stores.operations.get(id);
  if (found?.namespace === namespace) return Operation.parse(found);
  const message = `Cannot find operation "${id}": namespace "${namespace}" has none of this id`;
  throw new Problem('not-found', message);
}

function hasEnded(operation: Operation): boolean {
  return endedOperationStates.includes(operation.state);
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, POLL_MS);
  });
}
