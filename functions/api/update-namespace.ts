import type { Namespace } from '#contract/resources/namespace.ts';
import { handler } from '../middleware/call.ts';
import { checkRevision, commitChange } from './changes.ts';
import { existingNamespace } from './existing.ts';

export const updateNamespace = handler('updateNamespace', async ({ platform, params, body, ifMatch }) => {
  const { stores, now } = platform;
  const before = await existingNamespace(platform, params.namespace);
  const what = `namespace "${before.name}"`;
  checkRevision(what, before, ifMatch);
  const namespace: Namespace = {
    ...before,
    description: body.description ?? before.description,
    modifiedAt: now().toISOString(),
    revision: before.revision + 1,
  };
  await commitChange(stores, what, [stores.namespaces.replaced(namespace)]);
  return { body: namespace, revision: namespace.revision };
});
