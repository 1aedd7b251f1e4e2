import { Problem } from '#contract/problems.ts';
import type { DeploymentTarget } from '#contract/resources/deployment-target.ts';
import type { Platform } from '../middleware/platform.ts';

/** The target of this name, or the problem that there is none. */
export async function existingTarget({ stores }: Platform, name: string): Promise<DeploymentTarget> {
  const found = await stores.targets.get(name);
  if (found !== undefined) return found;
  throw new Problem('not-found', `Cannot find deployment target "${name}": there is none of this name`);
}
