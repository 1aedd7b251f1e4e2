import * as z from 'zod';
import { isBuiltInRole, Permission } from '../access.ts';
import { Name, Revision, Timestamp } from './metadata.ts';

/** A named set of permissions. The five built-in ones always exist and never change. */
export const Role = z
  .object({
    name: Name,
    description: z.string().max(500),
    permissions: z.array(Permission),
    builtIn: z.boolean(),
    createdAt: Timestamp,
    modifiedAt: Timestamp,
    revision: Revision,
  })
  .meta({ id: 'Role' });
export type Role = z.infer<typeof Role>;

const Permissions = z
  .array(Permission)
  .min(1)
  .transform((list) => [...new Set(list)]);

/** Whoever makes a role must hold all of its permissions on the whole platform. */
export const RoleInput = z
  .strictObject({
    name: Name.refine((name) => !isBuiltInRole(name), 'must not be the name of a built-in role'),
    description: z.string().max(500).default(''),
    permissions: Permissions,
  })
  .meta({ id: 'RoleInput' });
export type RoleInput = z.infer<typeof RoleInput>;

/** What is absent stays; `permissions` replaces the whole set, for everybody who has the role. */
export const RolePatch = z
  .strictObject({ description: z.string().max(500).optional(), permissions: Permissions.optional() })
  .meta({ id: 'RolePatch' });
export type RolePatch = z.infer<typeof RolePatch>;
