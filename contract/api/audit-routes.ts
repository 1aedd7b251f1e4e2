/** Rows of the route table about who asked for what. */
import * as z from 'zod';
import { AuditFilter, AuditRecord } from '../resources/audit-record.ts';
import { pageOf, Paging } from './page.ts';
import { inNamespace, namespace } from './paths.ts';
import type { Route } from './route.ts';

const tag = 'Audit';
const AuditPage = pageOf('AuditPage', AuditRecord);
const query = Paging.extend(AuditFilter.shape);

export const auditRoutes = {
  listAudit: {
    method: 'GET',
    path: '/audit',
    summary: 'List what was asked of the platform, in all namespaces',
    tag,
    query,
    success: { status: 200, body: AuditPage, textType: 'application/x-ndjson' },
    problems: ['invalid-cursor'],
    permission: 'audit:read',
  },
  listNamespaceAudit: {
    method: 'GET',
    path: `${inNamespace}/audit`,
    summary: 'List what was asked in a namespace',
    tag,
    params: z.object(namespace),
    query,
    success: { status: 200, body: AuditPage, textType: 'application/x-ndjson' },
    problems: ['not-found', 'invalid-cursor'],
    permission: 'audit:read',
  },
} as const satisfies Record<string, Route>;
