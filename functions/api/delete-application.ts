import { Problem } from '#contract/problems.ts';
import { handler } from '../middleware/call.ts';
import { commitChange } from './changes.ts';
import { existingApplication } from './existing.ts';

export const deleteApplication = handler('deleteApplication', async ({ platform, params }) => {
  const { stores } = platform;
  const application = await existingApplication(platform, params.namespace, params.application);
  const { items } = await stores.versions.list(params.namespace, application.name, { limit: 5 });
  if (items.length > 0) {
    const numbers = items.map(({ version }) => version).join(', ');
    // A deployment states a version, which cannot be deleted before it: without versions there is none.
    const message = `Cannot delete application "${application.name}": it has versions (${numbers}); delete them first`;
    throw new Problem('application-in-use', message);
  }
  // A push at the same moment changes the application, so one of the two is refused.
  await commitChange(stores, `application "${application.name}"`, [stores.applications.removed(application)]);
  return { body: application, revision: application.revision };
});
