/** Which events a list shows. */
import * as z from 'zod';
import { EventName } from '../event-names.ts';
import { Timestamp, Ulid } from './metadata.ts';

/** One or several values of one parameter: `name=job-created&name=job-ended`. */
const several = <T extends z.ZodType>(item: T) =>
  z
    .union([item, z.array(item).max(50)])
    .transform((value): z.output<T>[] => (Array.isArray(value) ? value : [value as z.output<T>]))
    .optional();

/** All that is given must hold; times are those of the events, both included. */
export const EventFilter = z.object({
  name: several(EventName),
  severity: several(z.enum(['info', 'warning', 'error'])),
  since: Timestamp.optional(),
  until: Timestamp.optional(),
  operation: Ulid.optional(),
  /** One event a line, to be taken in by other systems; the header Link tells where it goes on. */
  format: z.enum(['json', 'ndjson']).default('json'),
});
