/** What stands against beginning a job, whatever state it would begin from. */
import { Problem } from '#contract/problems.ts';
import { secretsIn } from '#contract/placeholders.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { DeploymentTarget } from '#contract/resources/deployment-target.ts';
import { checkTargetQuota } from '../control/check-target-quota.ts';
import type { Platform } from '../middleware/platform.ts';

/** The first obstacle found: an absent target, a missing secret, or a target that is full. */
export async function observeObstacle(
  platform: Platform,
  deployment: Deployment,
): Promise<Problem | undefined> {
  const { stores } = platform;
  const { name, namespace, spec } = deployment;
  const [target, missing] = await Promise.all([
    stores.targets.get(spec.target),
    stores.secrets.missing(namespace, secretsIn(spec.configuration)),
  ]);
  if (target === undefined) {
    const message = `Cannot start deployment "${name}": its target "${spec.target}" does not exist; choose one of the list`;
    return new Problem('not-found', message);
  }
  if (missing.length > 0) {
    const names = missing.map((secret) => `"${secret}"`).join(', ');
    const message = `Cannot start deployment "${name}": its configuration refers to secret ${names}, which namespace "${namespace}" does not have; set it`;
    return new Problem('secret-missing', message);
  }
  return isLimited(target) ? checkTargetQuota(deployment, target, await stores.jobs.live()) : undefined;
}

function isLimited({ quota }: DeploymentTarget): boolean {
  return Object.values(quota).some((limit) => limit !== null);
}
