import { handler } from '../middleware/call.ts';
import { auditPage } from './audit-page.ts';
import { existingNamespace } from './existing.ts';

export const listNamespaceAudit = handler('listNamespaceAudit', async (call) => {
  const { platform, params, query, accept } = call;
  await existingNamespace(platform, params.namespace);
  return auditPage(platform, params.namespace, { query, accept });
});
