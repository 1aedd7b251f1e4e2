import * as z from 'zod';
import { Actor, Name, Timestamp, Ulid } from './metadata.ts';

/** One mutation that somebody asked for: written before it is begun, and once more with its outcome. */
export const AuditRecord = z
  .object({
    id: Ulid,
    at: Timestamp,
    actor: Actor,
    requestId: z.string(),
    /** Operation id of the route: `suspendDeployment`. */
    operation: z.string(),
    namespace: Name.nullable(),
    /** What it was about, by the path or the body: `deployments/payments-production`. */
    resource: z.string(),
    /** Status of the answer; null while it is carried out, and where the outcome was never written. */
    status: z.int().nullable(),
    /** Code of the problem where it was refused or failed. */
    problem: z.string().nullable(),
    /** The operation that it began. */
    operationId: Ulid.nullable(),
    /** Revisions of the resource before and after, where it has them. */
    before: z.int().nullable(),
    after: z.int().nullable(),
    /** As it was sent, with secrets replaced by `***`. */
    body: z.unknown(),
    sourceIp: z.string().nullable(),
  })
  .meta({ id: 'AuditRecord' });
export type AuditRecord = z.infer<typeof AuditRecord>;

/** Which records a list shows; times are those of the records. */
export const AuditFilter = z.object({
  actor: Actor.optional(),
  operation: z.string().min(1).max(64).optional(),
  /** Begin of the resource's name: `deployments/payments-`. */
  resource: z.string().min(1).max(200).optional(),
  since: Timestamp.optional(),
  until: Timestamp.optional(),
  /** One record a line, to be taken in by other systems; the header Link tells where it goes on. */
  format: z.enum(['json', 'ndjson']).default('json'),
});
