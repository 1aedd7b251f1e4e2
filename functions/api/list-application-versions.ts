import { handler } from '../middleware/call.ts';
import { existingApplication } from './existing.ts';

export const listApplicationVersions = handler(
  'listApplicationVersions',
  async ({ platform, params, query }) => {
    const { namespace, application } = params;
    await existingApplication(platform, namespace, application);
    return { body: await platform.stores.versions.list(namespace, application, query) };
  },
);
