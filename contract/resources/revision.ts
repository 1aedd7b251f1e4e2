import * as z from 'zod';
import { Difference } from './difference.ts';
import { Actor, Timestamp, Ulid } from './metadata.ts';

/** A spec as a deployment stated it at one time; every change of it is a revision. */
export const SpecRevision = z
  .object({
    deploymentId: Ulid,
    /** From 1, in the order of changes. */
    number: z.int().min(1),
    createdAt: Timestamp,
    createdBy: Actor,
    /** Why, as the author said; empty when nothing was said. */
    reason: z.string().max(500),
    /** What the deployment itself says, without what it inherits. */
    stated: z.record(z.string(), z.unknown()),
    /** Against the revision before. */
    changes: z.array(Difference),
    /** The operation that began with it. */
    operationId: Ulid.nullable(),
  })
  .meta({ id: 'SpecRevision' });
export type SpecRevision = z.infer<typeof SpecRevision>;

/** What changed between two revisions, whichever was first. */
export const RevisionComparison = z
  .object({ from: z.int().min(1), to: z.int().min(1), changes: z.array(Difference) })
  .meta({ id: 'RevisionComparison' });
export type RevisionComparison = z.infer<typeof RevisionComparison>;
