import { builtInRoles } from '#contract/access.ts';
import type { BuiltInRole } from '#contract/access.ts';
import type { Claims } from './verify-token.ts';

/** The highest role that the token's groups name, each as `headwater-<role>`; undefined when they name none. */
export function roleOf(claims: Claims): BuiltInRole | undefined {
  const groups = new Set([...claims['cognito:groups'], ...claims.roles]);
  return [...builtInRoles].reverse().find((role) => groups.has(`headwater-${role}`));
}
