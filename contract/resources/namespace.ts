import * as z from 'zod';
import { Name, Revision, Timestamp } from './metadata.ts';

/** What a namespace may hold at most; null: as much as there is. */
export const NamespaceQuota = z
  .strictObject({
    maxDeployments: z.int().min(0).nullable().default(null),
    /** Jobs that run or are about to. */
    maxRunningJobs: z.int().min(0).nullable().default(null),
    /** vCPUs of all running jobs together. */
    maxCpu: z.number().min(0).nullable().default(null),
    /** Of each deployment. */
    maxParallelism: z.int().min(1).nullable().default(null),
    /** Completed savepoints of each deployment. */
    maxSavepoints: z.int().min(0).nullable().default(null),
  })
  .meta({ id: 'NamespaceQuota' });
export type NamespaceQuota = z.infer<typeof NamespaceQuota>;

const EventRetentionDays = z.int().min(1).max(3650);

/** The boundary between tenants: names are unique within one. `default` always exists. */
export const Namespace = z
  .object({
    name: Name,
    description: z.string().max(500),
    quota: NamespaceQuota.prefault({}),
    /** For how long events of its deployments are kept. */
    eventRetentionDays: EventRetentionDays.default(400),
    createdAt: Timestamp,
    modifiedAt: Timestamp,
    revision: Revision,
  })
  .meta({ id: 'Namespace' });
export type Namespace = z.infer<typeof Namespace>;

export const NamespaceInput = z
  .strictObject({
    name: Name,
    description: z.string().max(500).default(''),
    quota: NamespaceQuota.prefault({}),
    eventRetentionDays: EventRetentionDays.default(400),
  })
  .meta({ id: 'NamespaceInput' });
export type NamespaceInput = z.infer<typeof NamespaceInput>;

export const NamespacePatch = z
  .strictObject({
    description: z.string().max(500).optional(),
    /** Merged: a limit that is absent stays, null lifts it. Only who may create namespaces may change it. */
    quota: z.record(z.string(), z.unknown()).optional(),
    /** Of events from now on. */
    eventRetentionDays: EventRetentionDays.optional(),
  })
  .meta({ id: 'NamespacePatch' });
export type NamespacePatch = z.infer<typeof NamespacePatch>;
