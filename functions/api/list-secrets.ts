import { handler } from '../middleware/call.ts';
import { existingNamespace } from './existing.ts';
import { namesOf, secretUsers } from './secret-users.ts';

export const listSecrets = handler('listSecrets', async ({ platform, params, query }) => {
  await existingNamespace(platform, params.namespace);
  const page = await platform.stores.secrets.list(params.namespace, query);
  if (page.items.length === 0) return { body: page };
  const users = await secretUsers(platform, params.namespace);
  const items = page.items.map((secret) => ({ ...secret, users: namesOf(users.get(secret.name)) }));
  return { body: { ...page, items } };
});
