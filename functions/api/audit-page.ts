import type { AuditRecord } from '#contract/resources/audit-record.ts';
import type { Platform } from '../middleware/platform.ts';
import type { AuditQuery } from '../stores/audit.ts';
import type { Page } from '../stores/page.ts';

const NDJSON = 'application/x-ndjson';

interface AuditRequest {
  readonly query: AuditQuery & { readonly format: 'json' | 'ndjson' };
  readonly accept: string;
}

interface AuditReply {
  readonly body: Page<AuditRecord>;
  readonly text?: string;
  readonly next?: string | null;
}

/** A page of the audit log, as one document or as one line for each record. */
export async function auditPage(
  { stores }: Platform,
  namespace: string | null,
  { query, accept }: AuditRequest,
): Promise<AuditReply> {
  const page = await stores.audit.list(namespace, query);
  if (query.format !== 'ndjson' && !accept.includes(NDJSON)) return { body: page };
  const text = page.items.map((record) => `${JSON.stringify(record)}\n`).join('');
  return { body: page, text, next: page.next };
}
