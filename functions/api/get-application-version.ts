import { handler } from '../middleware/call.ts';
import { existingApplication, versionNamed } from './existing.ts';

export const getApplicationVersion = handler('getApplicationVersion', async ({ platform, params }) => {
  await existingApplication(platform, params.namespace, params.application);
  const version = await versionNamed(platform, params);
  return { body: version, revision: version.revision };
});
