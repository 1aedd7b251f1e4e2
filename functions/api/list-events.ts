import { handler } from '../middleware/call.ts';
import { deploymentNamed } from '../operations/request-verb.ts';
import { eventPage } from './event-page.ts';

export const listEvents = handler('listEvents', async ({ platform, params, query, accept }) => {
  const { id } = await deploymentNamed(platform, params.namespace, params.deployment);
  const page = await platform.stores.events.list(id, query);
  return eventPage(page, { format: query.format, accept });
});
