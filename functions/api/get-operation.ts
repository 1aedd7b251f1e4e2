import { Problem } from '#contract/problems.ts';
import { Operation } from '#contract/resources/operation.ts';
import { handler } from '../middleware/call.ts';
import type { Platform } from '../middleware/platform.ts';

const POLL_MS = 250;

export const getOperation = handler('getOperation', async ({ platform, params, query }) => {
  const deadline = platform.now().getTime() + query.wait * 1000;
  let operation = await existingOperation(platform, params.namespace, params.operation);
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
  return operation.state === 'succeeded' || operation.state === 'failed';
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, POLL_MS);
  });
}
