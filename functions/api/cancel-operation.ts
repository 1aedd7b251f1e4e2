import { Problem } from '#contract/problems.ts';
import { Operation } from '#contract/resources/operation.ts';
import { handler } from '../middleware/call.ts';
import { demand } from '../middleware/check-access.ts';
import { cancelOperation as cancel } from '../operations/cancel-operation.ts';

export const cancelOperation = handler('cancelOperation', async ({ platform, params, access }) => {
  const found = await platform.stores.operations.get(params.operation);
  if (found?.namespace !== params.namespace) throw unknown(params);
  const place = { namespace: found.namespace, deployment: found.deployment };
  demand(access, 'deployments:operate', place, `cancel operation "${found.id}"`);
  const operation = await cancel(platform, found.id, access.actor);
  if (operation === undefined) throw unknown(params);
  return { body: Operation.parse(operation), status: operation.state === 'cancelled' ? 200 : 202 };
});

function unknown({ namespace, operation }: { readonly namespace: string; readonly operation: string }) {
  return new Problem(
    'not-found',
    `Cannot find operation "${operation}": namespace "${namespace}" has none of this id`,
  );
}
