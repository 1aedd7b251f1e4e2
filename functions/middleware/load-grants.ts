/** What a caller holds: by the identity itself, by role bindings, and by the roles that these name. */
import { isBuiltInRole } from '#contract/access.ts';
import type { BuiltInRole, Permission } from '#contract/access.ts';
import type { RoleBinding } from '#contract/resources/role-binding.ts';
import { resolveGrant } from '../control/decide-access.ts';
import type { Grant, StatedGrant } from '../control/decide-access.ts';
import type { Stores } from '../stores/stores.ts';
import type { Platform } from './platform.ts';

/** Who calls, as the authorizer says. */
export interface Caller {
  readonly actor: string;
  readonly groups: readonly string[];
  /** Held on the whole platform. */
  readonly role: BuiltInRole | undefined;
  /** Of an API token. */
  readonly grant: StatedGrant | undefined;
}

// A change counts everywhere after this time; in the sandbox that wrote it, at once.
const KEPT_MS = 5000;
// A sandbox that lives for hours must not remember everybody who ever called.
const MEMBERS_MAX = 5000;

interface Kept<T> {
  readonly until: number;
  readonly value: Promise<T>;
}

const bindings = new Map<string, Kept<RoleBinding[]>>();
const customRoles = new Map<'all', Kept<ReadonlyMap<string, readonly Permission[]>>>();

/** Everything that a caller was given, with roles resolved. */
export async function grantsOf(
  { stores, now }: Pick<Platform, 'stores' | 'now'>,
  caller: Caller,
): Promise<readonly Grant[]> {
  const held: StatedGrant[] = [
    ...(caller.role === undefined ? [] : [everywhere(caller.role)]),
    ...(caller.grant === undefined ? [] : [caller.grant]),
  ];
  // To whoever is admin of the platform nothing can be added.
  if (caller.role !== 'admin') held.push(...(await boundTo(stores, caller, now().getTime())));
  const isCustom = held.some(({ role }) => role !== null && !isBuiltInRole(role));
  const roles = isCustom ? await rolesMadeHere(stores, now().getTime()) : new Map<string, Permission[]>();
  return held.map((grant) => resolveGrant(grant, roles));
}

/** To be called after every write of a role or a binding. */
export function forgetGrants(): void {
  bindings.clear();
  customRoles.clear();
}

async function boundTo(stores: Stores, { actor, groups }: Caller, now: number): Promise<StatedGrant[]> {
  const members = [actor, ...groups.map((group) => `group:${group}`)];
  const found = await Promise.all(
    members.map((member) => kept(bindings, member, now, () => stores.roleBindings.ofMember(member))),
  );
  return found
    .flat()
    .map(({ role, namespace, deployment }) => ({ role, permissions: [], namespace, deployment }));
}

function rolesMadeHere(stores: Stores, now: number): Promise<ReadonlyMap<string, readonly Permission[]>> {
  return kept(customRoles, 'all', now, async () => {
    const roles = await stores.roles.all();
    return new Map(roles.map(({ name, permissions }) => [name, permissions]));
  });
}

function everywhere(role: BuiltInRole): StatedGrant {
  return { role, permissions: [], namespace: null, deployment: null };
}

function kept<K, T>(cache: Map<K, Kept<T>>, key: K, now: number, load: () => Promise<T>): Promise<T> {
  const found = cache.get(key);
  if (found !== undefined && found.until > now) return found.value;
  if (cache.size >= MEMBERS_MAX) cache.clear();
  const value = load();
  cache.set(key, { until: now + KEPT_MS, value });
  // What could not be read is read again by the next who asks.
  value.catch(() => cache.delete(key));
  return value;
}
