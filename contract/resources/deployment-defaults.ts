/** What all deployments of the platform, or of a namespace, inherit. */
import * as z from 'zod';
import { Verb } from '../verbs.ts';
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

/** Replaces all that is said at this level. */
export const DeploymentDefaultsInput = z
  .strictObject({ settings: Settings })
  .meta({ id: 'DeploymentDefaultsInput' });

/** RFC 7386 merge patch of the settings: null takes away what this level says. */
export const DeploymentDefaultsPatch = z
  .strictObject({ settings: z.record(z.string(), z.unknown()) })
  .meta({ id: 'DeploymentDefaultsPatch' });

/** What a change of inherited settings would do to one deployment. */
export const InheritedChange = z
  .object({
    namespace: Name,
    deployment: Name,
    /** Of the spec in effect. */
    changes: z.array(Difference),
    /** The verb that would bring it to the running job; null when none runs, or nothing has to be done for it. */
    verb: Verb.nullable(),
    /** Fields that a running job would not have until its next start. */
    pending: z.array(z.string()),
  })
  .meta({ id: 'InheritedChange' });
export type InheritedChange = z.infer<typeof InheritedChange>;

/** The answer of a dry run: every deployment that a change of inherited settings touches. */
export const InheritancePreview = z
  .object({
    deployments: z.array(InheritedChange),
    /** Those that the change would make invalid, because of which it would be refused. */
    invalid: z.array(
      z.object({ namespace: Name, deployment: Name, pointer: z.string(), message: z.string() }),
    ),
  })
  .meta({ id: 'InheritancePreview' });
export type InheritancePreview = z.infer<typeof InheritancePreview>;
