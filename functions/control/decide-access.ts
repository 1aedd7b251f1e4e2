/** Who may do what, where: the one decision about access. */
import { permissionsOfRole, isBuiltInRole } from '#contract/access.ts';
import type { Permission } from '#contract/access.ts';

/** A role or a list of permissions, and where it holds. */
export interface StatedGrant {
  readonly role: string | null;
  readonly permissions: readonly Permission[];
  /** Null: everywhere. */
  readonly namespace: string | null;
  /** Name or pattern; null: all deployments, and what belongs to the namespace itself. */
  readonly deployment: string | null;
}

/** A grant whose role was looked up. */
export type Grant = Omit<StatedGrant, 'role'>;

/** What a request is about; the whole platform where it names nothing. */
export interface Place {
  readonly namespace?: string | undefined;
  /** Name, or the pattern of a grant that is to be given. */
  readonly deployment?: string | undefined;
}

/** Whether one of the grants permits it in all of the place. */
export function mayAccess(grants: readonly Grant[], permission: Permission, place: Place): boolean {
  return grants.some((grant) => grant.permissions.includes(permission) && covers(grant, place));
}

/** Whether one of the grants permits it somewhere in the place, such as for one deployment of the namespace. */
export function mayAccessWithin(grants: readonly Grant[], permission: Permission, place: Place): boolean {
  return grants.some((grant) => grant.permissions.includes(permission) && reachesInto(grant, place));
}

/** The permissions of a grant that one who holds `grants` cannot give, since they do not hold them there. */
export function beyond(grants: readonly Grant[], given: Grant): Permission[] {
  const place = { namespace: given.namespace ?? undefined, deployment: given.deployment ?? undefined };
  return given.permissions.filter((permission) => !mayAccess(grants, permission, place));
}

/** Resolves the role of a grant. A role that does not exist permits nothing. */
export function resolveGrant(
  { role, permissions, namespace, deployment }: StatedGrant,
  customRoles: ReadonlyMap<string, readonly Permission[]>,
): Grant {
  if (role === null) return { permissions, namespace, deployment };
  const ofRole = isBuiltInRole(role) ? permissionsOfRole[role] : (customRoles.get(role) ?? []);
  return { permissions: ofRole, namespace, deployment };
}

function covers(grant: Grant, place: Place): boolean {
  if (grant.namespace !== null && grant.namespace !== place.namespace) return false;
  if (grant.deployment === null) return true;
  return place.deployment !== undefined && matches(grant.deployment, place.deployment);
}

function reachesInto(grant: Grant, place: Place): boolean {
  const isElsewhere = place.namespace !== undefined && grant.namespace !== null;
  if (isElsewhere && grant.namespace !== place.namespace) return false;
  if (grant.deployment === null || place.deployment === undefined) return true;
  return matches(grant.deployment, place.deployment);
}

/**
 * A star stands for any letters. A narrower pattern matches a wider one, as all names do that it stands for.
 *
 * Each piece is looked for once, from left to right: patterns are of users, and a regular expression of many stars
 * takes ages to say no.
 */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return name === pattern;
  const end = name.length - last.length;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  for (const piece of others) {
    const at = name.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return from <= end;
}
