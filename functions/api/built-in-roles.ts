import { builtInRoles, isBuiltInRole, permissionsOfRole } from '#contract/access.ts';
import type { BuiltInRole } from '#contract/access.ts';
import { Problem } from '#contract/problems.ts';
import type { Role } from '#contract/resources/role.ts';
import type { Platform } from '../middleware/platform.ts';

const AT = '2026-01-01T00:00:00.000Z';

const descriptions: Readonly<Record<BuiltInRole, string>> = {
  viewer: 'Sees everything that runs; neither secrets nor who may do what.',
  operator: 'Keeps running what others have made: starts, suspends, takes savepoints.',
  editor: 'Makes, changes and deletes what runs.',
  owner: 'Decides in a namespace: who may do what, and what holds for all its deployments.',
  admin: 'Everything.',
};

/** The roles that come with the platform, as resources. */
export const builtIn: readonly Role[] = builtInRoles.map((name) => ({
  name,
  description: descriptions[name],
  permissions: [...permissionsOfRole[name]],
  builtIn: true,
  createdAt: AT,
  modifiedAt: AT,
  revision: 1,
}));

/** A role of either kind, or the problem that there is none. */
export async function existingRole({ stores }: Platform, name: string): Promise<Role> {
  const found = builtIn.find((role) => role.name === name) ?? (await stores.roles.get(name));
  if (found !== undefined) return found;
  throw new Problem('not-found', `Cannot find role "${name}": there is none of this name`);
}

/** Throws for the roles that nobody can change. */
export function refuseBuiltIn(name: string, act: string): void {
  if (!isBuiltInRole(name)) return;
  throw new Problem(
    'role-built-in',
    `Cannot ${act} role "${name}": it comes with the platform and never changes`,
  );
}
