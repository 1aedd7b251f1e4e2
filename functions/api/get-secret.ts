import { handler } from '../middleware/call.ts';
import { existingSecret } from './existing-secret.ts';
import { namesOf, secretUsers } from './secret-users.ts';

export const getSecret = handler('getSecret', async ({ platform, params }) => {
  const secret = await existingSecret(platform, params.namespace, params.secret);
  const users = await secretUsers(platform, params.namespace);
  return { body: { ...secret, users: namesOf(users.get(secret.name)) } };
});
