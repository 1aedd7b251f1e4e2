import { Problem } from '#contract/problems.ts';
import type { Namespace } from '#contract/resources/namespace.ts';
import { handler } from '../middleware/call.ts';
import { commitCreation } from './changes.ts';

export const createNamespace = handler('createNamespace', async ({ platform, body }) => {
  const { stores, now } = platform;
  // The default namespace is there before it is written, so its item alone would not refuse a second one.
  if ((await stores.namespaces.get(body.name)) !== undefined) {
    const message = `Cannot create namespace "${body.name}": there is one of this name; choose another`;
    throw new Problem('already-exists', message);
  }
  const at = now().toISOString();
  const namespace: Namespace = { ...body, createdAt: at, modifiedAt: at, revision: 1 };
  await commitCreation(stores, { resource: 'namespace', name: body.name }, [
    stores.namespaces.created(namespace),
  ]);
  return { body: namespace, revision: 1 };
});
