/** What all deployments of the platform, or of a namespace, inherit. */
import * as z from 'zod';
import { Settings } from './deployment.ts';
import { Difference } from './difference.ts';
import { Actor, Name, Revision, Timestamp } from './metadata.ts';

/** Settings that hold wherever a deployment, its target or its namespace says nothing else. */
export const DeploymentDefaults = z
  .object({
    /** Null for those of the whole platform. */
    namespace: Name.nullable(),
    settings: Settings,
    modifiedAt: Timestamp,
    modifiedBy: Actor,
    /** Counts the changes; 1 as long as nobody said anything. */
    revision: Revision,
  })
  .meta({ id: 'DeploymentDefaults' });
export type DeploymentDefaults = z.infer<typeof DeploymentDefaults>;

/** A set of defaults as it was at one time; every change of them is kept. */
export const DefaultsRevision = z
  .object({
    namespace: Name.nullable(),
    /** From 1, in the order of changes: the revision that the defaults got by it. */
    number: z.int().min(1),
    createdAt: Timestamp,
    createdBy: Actor,
    reason: z.string().max(500),
    settings: Settings,
    changes: z.array(Difference),
  })
  .meta({ id: 'DefaultsRevision' });
export type DefaultsRevision = z.infer<typeof DefaultsRevision>;
