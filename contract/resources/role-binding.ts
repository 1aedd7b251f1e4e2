import * as z from 'zod';
import { Actor, Name, Timestamp } from './metadata.ts';

/** Who is given a role: `user:<subject>`, `group:<name>` or `token:<id>`. */
export const Member = z
  .string()
  .max(256)
  .regex(/^(user|group|token):[^\s]+$/, 'must be user:<subject>, group:<name> or token:<id>')
  .meta({ id: 'Member', examples: ['group:payments-team'] });

/** One deployment by name, or several: `payments-*`. */
export const DeploymentPattern = z
  .string()
  .max(63)
  .regex(
    /^[a-z*][a-z0-9*-]*$/,
    'must be the name of a deployment, in which * stands for any letters, as in payments-*',
  )
  .meta({ id: 'DeploymentPattern', examples: ['payments-*'] });

/** Gives a role to a member: on the whole platform, in one namespace, or for some of its deployments. */
export const RoleBinding = z
  .object({
    /** Follows from member, role and place, so that the same grant is never there twice. */
    id: z.string(),
    member: Member,
    /** A built-in role or one that was made here; a role that is gone permits nothing. */
    role: Name,
    /** Null: everywhere. */
    namespace: Name.nullable(),
    /** Null: all deployments, and what belongs to the namespace itself. */
    deployment: DeploymentPattern.nullable(),
    createdAt: Timestamp,
    createdBy: Actor,
  })
  .meta({ id: 'RoleBinding' });
export type RoleBinding = z.infer<typeof RoleBinding>;

/** Nobody can give what they do not hold in the same place. */
export const RoleBindingInput = z
  .strictObject({
    member: Member,
    role: Name,
    namespace: Name.nullable().default(null),
    deployment: DeploymentPattern.nullable().default(null),
  })
  .meta({ id: 'RoleBindingInput' });
export type RoleBindingInput = z.infer<typeof RoleBindingInput>;
