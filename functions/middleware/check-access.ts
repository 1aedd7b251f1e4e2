import { isBuiltInRole, permissions } from '#contract/access.ts';
import type { Permission } from '#contract/access.ts';
import { routes } from '#contract/api/routes.ts';
import type { Route } from '#contract/api/route.ts';
import type { OperationId } from '#contract/api/routes.ts';
import { Problem } from '#contract/problems.ts';
import * as z from 'zod';
import { mayAccess, mayAccessWithin } from '../control/decide-access.ts';
import type { Place } from '../control/decide-access.ts';
import { auditRefusal } from './audit.ts';
import type { Access, ApiEvent, CallerContext } from './call.ts';
import { grantsOf } from './load-grants.ts';
import type { Caller } from './load-grants.ts';
import { platform } from './platform.ts';

const nobody: Access = { actor: 'user:anonymous', grants: [] };

const Groups = z.array(z.string());
const TokenGrant = z.object({
  role: z.string().nullable(),
  permissions: z.array(z.enum(permissions)),
  namespace: z.string().nullable(),
  deployment: z.string().nullable(),
});

/** Who calls; throws a problem when that one may not call this route, or calls too often. */
export async function checkAccess(event: ApiEvent, id: OperationId): Promise<Access> {
  const route: Route = routes[id];
  if (route.permission === 'public') return nobody;
  const caller = callerOf(event.requestContext.authorizer?.lambda ?? {}, id);
  const access: Access = { actor: caller.actor, grants: await grantsOf(platform(), caller) };
  const { namespace, deployment } = event.pathParameters ?? {};
  const place = { namespace, deployment };
  const decide = route.narrowed === true ? mayAccessWithin : mayAccess;
  if (decide(access.grants, route.permission, place)) return access;
  if (route.method !== 'GET') await auditRefusal(event, id, access.actor);
  throw lacking(access, route.permission, place, `call ${id}`);
}

/** For handlers that narrow down: throws `forbidden` unless the caller holds the permission in all of the place. */
export function demand(access: Access, permission: Permission, place: Place, act: string): void {
  if (!mayAccess(access.grants, permission, place)) throw lacking(access, permission, place, act);
}

/** The refusal that names what is missing, and where. */
export function lacking({ actor }: Access, permission: Permission, place: Place, act: string): Problem {
  const { namespace, deployment } = place;
  const where = [
    ...(deployment === undefined ? [] : [` on deployment "${deployment}"`]),
    namespace === undefined ? ' on the whole platform' : ` in namespace "${namespace}"`,
  ].join('');
  return new Problem('forbidden', `Cannot ${act}: ${actor} lacks the permission ${permission}${where}`, {
    missing: {
      permission,
      ...(namespace === undefined ? {} : { namespace }),
      ...(deployment === undefined ? {} : { deployment }),
    },
  });
}

function callerOf(context: Partial<CallerContext>, id: OperationId): Caller {
  const { actor, role, groups, grant, refusal, retryAfter } = context;
  if (retryAfter !== undefined) {
    const message = `Cannot call ${id}: ${refusal ?? 'there are too many requests'}`;
    throw new Problem('too-many-requests', message, { retryAfterSeconds: Number(retryAfter) });
  }
  if (actor === undefined) {
    throw new Problem('unauthenticated', `Cannot call ${id}: ${refusal ?? 'nobody is signed in'}`);
  }
  return {
    actor,
    groups: groups === undefined ? [] : Groups.parse(JSON.parse(groups)),
    role: isBuiltInRole(role) ? role : undefined,
    grant: grant === undefined ? undefined : TokenGrant.parse(JSON.parse(grant)),
  };
}
