import { Problem } from '#contract/problems.ts';
import type { StatedGrant } from '../control/decide-access.ts';
import { beyond } from '../control/decide-access.ts';
import type { Access } from '../middleware/call.ts';
import { lacking } from '../middleware/check-access.ts';
import type { Platform } from '../middleware/platform.ts';
import { existingNamespace } from './existing.ts';
import { existingRole } from './built-in-roles.ts';

/**
 * Throws unless the caller holds all that is to be given, where it is to be given.
 *
 * Without this, whoever may give roles could give themselves every other one.
 */
export async function checkGiving(
  platform: Platform,
  access: Access,
  given: StatedGrant,
  act: string,
): Promise<void> {
  const { role, namespace, deployment } = given;
  if (namespace !== null) await existingNamespace(platform, namespace);
  const permissions = role === null ? given.permissions : (await existingRole(platform, role)).permissions;
  const [missing] = beyond(access.grants, { permissions, namespace, deployment });
  if (missing === undefined) return;
  const place = { namespace: namespace ?? undefined, deployment: deployment ?? undefined };
  const { message, details } = lacking(access, missing, place, act);
  throw new Problem('forbidden', `${message}, and nobody can give what they do not have`, details);
}
