import * as z from 'zod';
import { Annotations, Labels, Name, Revision, Timestamp } from './metadata.ts';

/** Which versions stay that no deployment uses. */
export const VersionRetention = z
  .strictObject({
    /** So many of the newest unused ones stay; null: all of them. */
    keepUnused: z.int().min(0).max(10_000).nullable().default(null),
  })
  .meta({ id: 'VersionRetention' });
export type VersionRetention = z.infer<typeof VersionRetention>;

/** What a user wrote, under one name through all its versions. */
export const Application = z
  .object({
    name: Name,
    namespace: Name,
    description: z.string().max(500),
    labels: Labels,
    annotations: Annotations,
    retention: VersionRetention.prefault({}),
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
    retention: VersionRetention.prefault({}),
  })
  .meta({ id: 'ApplicationInput' });
export type ApplicationInput = z.infer<typeof ApplicationInput>;

/** RFC 7386: an absent member stays, null removes. */
export const ApplicationPatch = z
  .strictObject({
    description: z.string().max(500).optional(),
    labels: z.record(z.string(), z.string().nullable()).optional(),
    annotations: z.record(z.string(), z.string().nullable()).optional(),
    retention: VersionRetention.optional(),
  })
  .meta({ id: 'ApplicationPatch' });
export type ApplicationPatch = z.infer<typeof ApplicationPatch>;
