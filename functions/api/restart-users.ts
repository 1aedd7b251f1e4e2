import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { SecretValue } from '#contract/resources/secret-value.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { Platform } from '../middleware/platform.ts';
import { requestVerb } from '../operations/request-verb.ts';

/** Restarts the running jobs that want the new value of a rotated secret at once. */
export async function restartUsers(
  platform: Platform,
  { namespace, name, version }: SecretValue,
  users: readonly Deployment[],
): Promise<void> {
  const wanting = users.filter(({ spec, status }) => spec.restartOnRotation && status.state === 'running');
  for (const { name: deployment } of wanting) {
    try {
      await requestVerb(platform, {
        namespace,
        deployment,
        verb: 'restart',
        actor: 'system:secrets',
        description: `Secret "${name}" was rotated to version ${version}.`,
        whenBusy: 'queue',
        idempotencyKey: `rotation-${name}-${version}`,
      });
    } catch (error) {
      // The rotation holds all the same; what is refused now keeps the old value until its next start.
      if (!(error instanceof Problem)) throw error;
      logger.warn('A job was not restarted after a rotation', { deployment, ...errorFields(error) });
    }
  }
}
