import type { SecretValue } from '#contract/resources/secret-value.ts';
import { ownSecretProblem } from '../control/foreign-secret.ts';
import { handler } from '../middleware/call.ts';
import { setting } from '../middleware/environment.ts';
import { commitChange } from './changes.ts';
import { existingNamespace } from './existing.ts';
import { restartUsers } from './restart-users.ts';
import { namesOf, secretUsers } from './secret-users.ts';

export const setSecret = handler('setSecret', async ({ platform, params, body, access }) => {
  const { stores, now } = platform;
  const { namespace, secret: name } = params;
  await existingNamespace(platform, namespace);
  const own = 'reference' in body ? ownSecretProblem(name, body.reference, setting('jobSecret')) : undefined;
  if (own !== undefined) throw own;
  const before = await stores.secrets.get(namespace, name);
  const at = now().toISOString();
  const secret: SecretValue = {
    name,
    namespace,
    reference: 'reference' in body ? body.reference : null,
    version: (before?.version ?? 0) + 1,
    description: body.description === '' ? (before?.description ?? '') : body.description,
    users: [],
    createdAt: before?.createdAt ?? at,
    modifiedAt: at,
    modifiedBy: access.actor,
  };
  // The value first: a start that sees the new version must not get the old value.
  if ('value' in body) await stores.secrets.keepValue(namespace, name, body.value);
  await commitChange(stores, `secret "${name}"`, [stores.secrets.written(secret)]);
  if ('reference' in body && before?.reference === null) await stores.secrets.dropValue(namespace, name);
  const users = (await secretUsers(platform, namespace)).get(name);
  if (before !== undefined) await restartUsers(platform, secret, users ?? []);
  return { body: { ...secret, users: namesOf(users) } };
});
