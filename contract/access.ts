/** What a caller may be permitted, and the five roles that come with the platform. */
import * as z from 'zod';

/** `<noun>:<act>`. The noun is that of the route; a read of `secrets` names them and their users, never their values. */
export const permissions = [
  'namespaces:read',
  'namespaces:create',
  'namespaces:write',
  'namespaces:delete',
  'applications:read',
  'applications:write',
  'applications:delete',
  'deployments:read',
  'deployments:write',
  'deployments:operate',
  'deployments:delete',
  'savepoints:read',
  'savepoints:create',
  'savepoints:export',
  'savepoints:delete',
  'state:read',
  'metrics:read',
  'targets:read',
  'targets:write',
  'targets:delete',
  'defaults:read',
  'defaults:write',
  'secrets:read',
  'secrets:write',
  'secrets:delete',
  'webhooks:read',
  'webhooks:write',
  'webhooks:delete',
  'tokens:read',
  'tokens:write',
  'access:read',
  'access:write',
  'audit:read',
  'platform:read',
  'platform:write',
] as const;

/** One thing that a caller may do. */
export const Permission = z.enum(permissions).meta({ id: 'Permission' });
export type Permission = (typeof permissions)[number];

/** The roles that always exist, from the smallest to the greatest; each holds all that the one before it holds. */
export const builtInRoles = ['viewer', 'operator', 'editor', 'owner', 'admin'] as const;
export type BuiltInRole = (typeof builtInRoles)[number];

/** Reads everything that runs; neither secrets nor who may do what. */
const viewer: readonly Permission[] = [
  'namespaces:read',
  'applications:read',
  'deployments:read',
  'savepoints:read',
  'state:read',
  'metrics:read',
  'targets:read',
  'defaults:read',
  'webhooks:read',
  'platform:read',
];

/** Keeps running what others have made. */
const operator: readonly Permission[] = [
  ...viewer,
  'deployments:operate',
  'savepoints:create',
  'savepoints:export',
];

/** Makes, changes and deletes what runs. */
const editor: readonly Permission[] = [
  ...operator,
  'applications:write',
  'applications:delete',
  'deployments:write',
  'deployments:delete',
  'savepoints:delete',
  'secrets:read',
  'secrets:write',
  'secrets:delete',
  'webhooks:write',
  'webhooks:delete',
];

/** Decides within the namespace: who may do what, and what holds for all its deployments. */
const owner: readonly Permission[] = [
  ...editor,
  'namespaces:write',
  'defaults:write',
  'tokens:read',
  'tokens:write',
  'access:read',
  'access:write',
  'audit:read',
];

/** What each built-in role permits. */
export const permissionsOfRole: Readonly<Record<BuiltInRole, readonly Permission[]>> = {
  viewer,
  operator,
  editor,
  owner,
  admin: permissions,
};

/** Tells a built-in role from the name of one that was made on this platform. */
export function isBuiltInRole(name: unknown): name is BuiltInRole {
  return builtInRoles.some((role) => role === name);
}
