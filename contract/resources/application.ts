import * as z from 'zod';
import { Annotations, Labels, Name, Revision, Timestamp } from './metadata.ts';

/** What a user wrote, under one name through all its versions. */
export const Application = z
  .object({
    name: Name,
    namespace: Name,
    description: z.string().max(500),
    labels: Labels,
    annotations: Annotations,
    /** Number of the newest version; null before the first push. */
    latestVersion: z.int().min(1).nullable(),
    createdAt: Timestamp,
    modifiedAt: Timestamp,
    revision: Revision,
  })
  .meta({ id: 'Application' });
export type Application = z.infer<typeof Application>;

export const ApplicationInput = z
  .strictObject({
    name: Name,
    description: z.string().max(500).default(''),
    labels: Labels.default({}),
    annotations: Annotations.default({}),
  })
  .meta({ id: 'ApplicationInput' });
export type ApplicationInput = z.infer<typeof ApplicationInput>;

/** RFC 7386: an absent member stays, null removes. */
export const ApplicationPatch = z
  .strictObject({
    description: z.string().max(500).optional(),
    labels: z.record(z.string(), z.string().nullable()).optional(),
    annotations: z.record(z.string(), z.string().nullable()).optional(),
  })
  .meta({ id: 'ApplicationPatch' });
export type ApplicationPatch = z.infer<typeof ApplicationPatch>;
