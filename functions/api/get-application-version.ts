import { handler } from '../middleware/call.ts';
import { existingApplication, existingVersion } from './existing.ts';

export const getApplicationVersion = handler('getApplicationVersion', async ({ platform, params }) => {
  const { namespace, application, version } = params;
  await existingApplication(platform, namespace, application);
  return { body: await existingVersion(platform, namespace, application, version) };
});
