import * as z from 'zod';
import { Permission } from '../access.ts';
import { Duration } from '../duration.ts';
import { Actor, Name, Timestamp, Ulid } from './metadata.ts';
import { DeploymentPattern } from './role-binding.ts';

/** A key for programs. Its secret is shown once, when it is made or rotated; only the SHA-256 of it is stored. */
export const ApiToken = z
  .object({
    id: Ulid,
    name: Name,
    /** A built-in role or one that was made here; null where the permissions are listed. */
    role: Name.nullable(),
    permissions: z.array(Permission),
    /** Null: the whole platform. */
    namespace: Name.nullable(),
    /** Null: all deployments, and what belongs to the namespace itself. */
    deployment: DeploymentPattern.nullable(),
    createdAt: Timestamp,
    createdBy: Actor,
    /** Days from the making, and from every rotation. */
    lifetimeDays: z.int(),
    expiresAt: Timestamp,
    rotatedAt: Timestamp.nullable(),
    /** Until then the secret before the rotation is accepted, too. */
    previousUntil: Timestamp.nullable(),
    revokedAt: Timestamp.nullable(),
    /** Written at most once a minute. */
    lastUsedAt: Timestamp.nullable(),
  })
  .meta({ id: 'ApiToken' });
export type ApiToken = z.infer<typeof ApiToken>;

/** A token together with its secret: `hw_<id>_<random>`. */
export const ApiTokenSecret = z
  .object({ token: ApiToken, secret: z.string().meta({ 'x-sensitive': true }) })
  .meta({ id: 'ApiTokenSecret' });
export type ApiTokenSecret = z.infer<typeof ApiTokenSecret>;

/** Nobody can make a token that may do more than they may themselves. */
export const ApiTokenInput = z
  .strictObject({
    name: Name,
    role: Name.optional(),
    permissions: z.array(Permission).min(1).optional(),
    namespace: Name.nullable().default(null),
    deployment: DeploymentPattern.nullable().default(null),
    lifetimeDays: z.int().min(1).max(400).default(90),
  })
  .refine(({ role, permissions }) => (role === undefined) !== (permissions === undefined), {
    path: ['role'],
    message: 'must be given, or permissions instead; not both',
  })
  .meta({ id: 'ApiTokenInput' });
export type ApiTokenInput = z.infer<typeof ApiTokenInput>;

/** Without an overlap the secret before dies at once. */
export const RotationInput = z.strictObject({ overlap: Duration.optional() }).meta({ id: 'RotationInput' });
export type RotationInput = z.infer<typeof RotationInput>;

/** The form of a secret: API tokens are told from others by it, and scanners of source code find it by its prefix. */
export const TOKEN_SECRET = /^hw_([0-9a-hjkmnp-tv-z]{26})_[\w-]{43}$/;
