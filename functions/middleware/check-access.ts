import { isBuiltInRole, permissionsOfRole } from '#contract/access.ts';
import { routes } from '#contract/api/routes.ts';
import type { Route } from '#contract/api/route.ts';
import type { OperationId } from '#contract/api/routes.ts';
import { Problem } from '#contract/problems.ts';
import type { Access, ApiEvent } from './call.ts';

const nobody: Access = { actor: 'user:anonymous', role: 'viewer' };

/** Who calls; throws a problem when that one may not call this route. */
export function checkAccess(event: ApiEvent, id: OperationId): Access {
  const { permission }: Route = routes[id];
  const access = accessOf(event);
  if (permission === 'public') return access ?? nobody;
  if (access === undefined) {
    throw new Problem('unauthenticated', `Cannot call ${id}: nobody is signed in`);
  }
  if (!permissionsOfRole[access.role].includes(permission)) {
    throw new Problem(
      'forbidden',
      `Cannot call ${id}: it needs the permission ${permission}, and ${access.actor} is ${access.role}`,
    );
  }
  return access;
}

function accessOf(event: ApiEvent): Access | undefined {
  const context = event.requestContext.authorizer?.lambda;
  const role = context?.role;
  if (context?.actor === undefined || !isBuiltInRole(role)) return undefined;
  return { actor: context.actor, role };
}
