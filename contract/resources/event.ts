import * as z from 'zod';
import { EventName } from '../event-names.ts';
import { Actor, Name, Timestamp, Ulid } from './metadata.ts';

/** An entry of a deployment's append-only log. */
export const Event = z
  .object({
    id: Ulid,
    at: Timestamp,
    namespace: Name,
    deployment: Name,
    deploymentId: Ulid,
    name: EventName,
    severity: z.enum(['info', 'warning', 'error']),
    /** A sentence that reads without the fields. */
    message: z.string(),
    actor: Actor,
    operationId: Ulid.nullable(),
    jobId: z.string().nullable(),
    before: z.string().nullable(),
    after: z.string().nullable(),
  })
  .meta({ id: 'Event' });
export type Event = z.infer<typeof Event>;
