import { handler } from '../middleware/call.ts';
import { eventPage } from './event-page.ts';
import { existingNamespace } from './existing.ts';

export const listNamespaceEvents = handler(
  'listNamespaceEvents',
  async ({ platform, params, query, accept }) => {
    await existingNamespace(platform, params.namespace);
    const page = await platform.stores.events.listNamespace(params.namespace, query);
    return eventPage(page, { format: query.format, accept });
  },
);
