import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';

/** Why nothing can be done with a deployment that was deleted; undefined for one that was not. `act` is a verb. */
export function inTrash(act: string, { name, deletion }: Deployment): Problem | undefined {
  if (deletion === null) return undefined;
  const { at, by, purgeAt } = deletion;
  return new Problem(
    'verb-not-allowed',
    `Cannot ${act} deployment "${name}": ${by} deleted it at ${at}; undelete it first, which is possible until ${purgeAt}`,
    { allowed: [] },
  );
}
