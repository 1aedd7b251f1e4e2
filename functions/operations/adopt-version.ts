/** A deployment that comes to state a version which it did not state before. */
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';

type Holder = Pick<Deployment, 'id' | 'name' | 'namespace' | 'spec'>;

/**
 * What must be written together with the spec of `after`, so that a version is never deleted under it; nothing where
 * the version stays.
 *
 * Throws `invalid-request` for a retired version, unless the deployment has stated it before: then it may go back.
 */
export async function adoptVersion(
  { stores, now }: Platform,
  after: Holder,
  before?: Pick<Deployment, 'spec'>,
): Promise<Write[]> {
  const { application, version } = after.spec;
  const isSame = before?.spec.application === application && before.spec.version === version;
  if (isSame) return [];
  const { namespace } = after;
  const adopted = await stores.versions.get(namespace, application, version);
  if (adopted !== undefined && adopted.retiredAt !== null) {
    const uses = await stores.versionUses.of(adopted);
    if (!uses.some(({ deploymentId }) => deploymentId === after.id)) throw retired(after);
  }
  return stores.versionUses.begun({
    application,
    usedVersion: version,
    namespace,
    deployment: after.name,
    deploymentId: after.id,
    since: now().toISOString(),
  });
}

function retired({ name, spec: { application, version } }: Holder): Problem {
  const message = `Cannot deploy version ${version} of application "${application}" as "${name}": it is retired; choose another, or take it back with retired: false`;
  return new Problem('invalid-request', message, {
    errors: [{ pointer: '/spec/version', message: `version ${version} is retired` }],
  });
}
