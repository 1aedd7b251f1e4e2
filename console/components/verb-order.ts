/** Which verbs have a button of their own, and why one is refused now. */
import type { Deployment } from '#contract/resources/deployment.ts';
import { refusal } from '#contract/verbs.ts';
import type { Act } from '../api/verb-input.ts';

/** What is asked for every day. */
export const buttonActs: readonly Act[] = ['start', 'suspend', 'savepoint', 'upgrade'];

/** What a menu holds, in groups; cancel and delete give up state and stand last. */
export const menuActs: readonly (readonly Act[])[] = [
  ['rollback', 'restart', 'rescale', 'reset'],
  ['fork', 'promote', 'migrate'],
  ['drain', 'delete'],
];

/** Every verb, for places where there is room for one menu only. */
export const rowActs: readonly (readonly Act[])[] = [buttonActs, ...menuActs, ['cancel']];

/** The platform's own list decides; the table of verbs only words the reason. */
export function refusalOf(act: Act, deployment: Deployment): string | undefined {
  // A promotion asks nothing of the deployment that it takes the version from.
  if (act === 'promote') return undefined;
  const { allowed, state } = deployment.status;
  if (allowed.includes(act)) return undefined;
  if (deployment.deletion !== null && deployment.deletion !== undefined)
    return `Cannot ${act}: the deployment is in the trash; bring it back first`;
  return refusal(act, state) ?? `Cannot ${act}: another operation is under way; wait until it ends`;
}
