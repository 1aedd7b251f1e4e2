import type { Application } from '#contract/resources/application.ts';
import { handler } from '../middleware/call.ts';
import { commitCreation } from './changes.ts';
import { existingNamespace } from './existing.ts';

export const createApplication = handler('createApplication', async ({ platform, params, body }) => {
  const { stores, now } = platform;
  await existingNamespace(platform, params.namespace);
  const at = now().toISOString();
  const application: Application = {
    ...body,
    namespace: params.namespace,
    latestVersion: null,
    createdAt: at,
    modifiedAt: at,
    revision: 1,
  };
  const { name, namespace } = application;
  await commitCreation(stores, { resource: 'application', name, namespace }, [
    stores.applications.created(application),
  ]);
  return { body: application, revision: 1 };
});
