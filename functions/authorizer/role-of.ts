import { roles } from '../middleware/call.ts';
import type { Role } from '../middleware/call.ts';
import type { Claims } from './verify-token.ts';

/** The highest role that the token's groups name, each as `headwater-<role>`; undefined when they name none. */
export function roleOf(claims: Claims): Role | undefined {
  const groups = new Set([...claims['cognito:groups'], ...claims.roles]);
  return [...roles].reverse().find((role) => groups.has(`headwater-${role}`));
}
