import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { SpecRevision } from '#contract/resources/revision.ts';
import type { Platform } from '../middleware/platform.ts';

/** The revision of this number, or the problem that there is none. */
export async function existingRevision(
  { stores }: Platform,
  { id, name, specRevision }: Deployment,
  number: number,
): Promise<SpecRevision> {
  const found = await stores.revisions.get(id, number);
  if (found !== undefined) return found;
  const message = `Cannot find revision ${number} of deployment "${name}": it has revisions up to ${specRevision}`;
  throw new Problem('not-found', message);
}
