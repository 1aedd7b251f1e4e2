import { Problem } from '#contract/problems.ts';
import { handler } from '../middleware/call.ts';
import { commitChange } from './changes.ts';
import { existingSecret } from './existing-secret.ts';
import { namesOf, secretUsers } from './secret-users.ts';

export const deleteSecret = handler('deleteSecret', async ({ platform, params }) => {
  const { stores } = platform;
  const secret = await existingSecret(platform, params.namespace, params.secret);
  const { name, namespace } = secret;
  const users = namesOf((await secretUsers(platform, namespace, { withTrash: true })).get(name));
  if (users.length > 0) {
    const names = users.map((user) => `"${user}"`).join(', ');
    const message = `Cannot delete secret "${name}": the configuration of ${names} refers to it; change that first, and purge those in the trash`;
    throw new Problem('in-use', message);
  }
  await commitChange(stores, `secret "${name}"`, [stores.secrets.removed(namespace, name)]);
  if (secret.reference === null) await stores.secrets.dropValue(namespace, name);
  return { body: secret };
});
