import { handler } from '../middleware/call.ts';
import { auditPage } from './audit-page.ts';

export const listAudit = handler('listAudit', ({ platform, query, accept }) =>
  auditPage(platform, null, { query, accept }),
);
