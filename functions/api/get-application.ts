import { handler } from '../middleware/call.ts';
import { existingApplication } from './existing.ts';

export const getApplication = handler('getApplication', async ({ platform, params }) => {
  const application = await existingApplication(platform, params.namespace, params.application);
  return { body: application, revision: application.revision };
});
