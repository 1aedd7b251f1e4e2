import { routes } from '#contract/api/routes.ts';
import type { Route } from '#contract/api/route.ts';
import type { OperationId } from '#contract/api/routes.ts';
import { Problem } from '#contract/problems.ts';
import { roles } from './call.ts';
import type { Access, ApiEvent, Role } from './call.ts';

const nobody: Access = { actor: 'user:anonymous', role: 'viewer' };

/** Who calls; throws a problem when that one may not call this route. */
export function checkAccess(event: ApiEvent, id: OperationId): Access {
  const { role: needed }: Route = routes[id];
  const access = accessOf(event);
  if (needed === 'public') return access ?? nobody;
  if (access === undefined) {
    throw new Problem('unauthenticated', `Cannot call ${id}: nobody is signed in`);
  }
  if (roles.indexOf(access.role) < roles.indexOf(needed)) {
    throw new Problem(
      'forbidden',
      `Cannot call ${id}: it needs the role ${needed}, and ${access.actor} is ${access.role}`,
    );
  }
  return access;
}

function accessOf(event: ApiEvent): Access | undefined {
  const context = event.requestContext.authorizer?.lambda;
  const role = context?.role;
  if (context?.actor === undefined || !isRole(role)) return undefined;
  return { actor: context.actor, role };
}

function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}
