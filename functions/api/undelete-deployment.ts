import { allowedVerbs } from '#contract/verbs.ts';
import { newEvent } from '../control/new-event.ts';
import { handler } from '../middleware/call.ts';
import { purgeOf } from '../savepoints/purge-deployment.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import { commitChange } from './changes.ts';

/** One that is not deleted is answered as it is, so that a repeated call does no harm. */
export const undeleteDeployment = handler('undeleteDeployment', async ({ platform, params, access }) => {
  const { stores, now, newId } = platform;
  const deleted = await deploymentNamed(platform, params.namespace, params.deployment);
  const { deletion, id, name, namespace } = deleted;
  if (deletion === null) return { body: deleted, revision: deleted.revision };
  const at = now().toISOString();
  const deployment = {
    ...deleted,
    deletion: null,
    status: { ...deleted.status, allowed: allowedVerbs(deleted.status.state) },
    modifiedAt: at,
    revision: deleted.revision + 1,
  };
  const occasion = { id: newId(), at, actor: access.actor, namespace, deployment: name, deploymentId: id };
  const message = `Brought back from the trash, where ${deletion.by} had put it at ${deletion.at}.`;
  await commitChange(stores, `deployment "${name}"`, [
    stores.deployments.replaced(deployment),
    stores.due.removed(purgeOf(deleted, deletion.purgeAt)),
    stores.events.appended(newEvent(occasion, { name: 'deployment-undeleted', message })),
  ]);
  return { body: deployment, revision: deployment.revision };
});
