/** Changing what a deployment states: what comes into effect by it, and the revision that keeps it. */
import { isFaulty } from '#contract/effective-spec.ts';
import type { EffectiveSpec } from '#contract/effective-spec.ts';
import { Problem } from '#contract/problems.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { SpecRevision } from '#contract/resources/revision.ts';
import { nextRevision } from '../control/new-revision.ts';
import type { Authorship } from '../control/new-revision.ts';
import { resolveSpec } from '#contract/resolve-spec.ts';
import type { StatedDeployment } from '#contract/resolve-spec.ts';
import type { Platform } from '../middleware/platform.ts';
import type { Write } from '../stores/database.ts';
import { adoptVersion } from './adopt-version.ts';
import { checkSpec } from './check-spec.ts';

/** A deployment that states something else. */
export interface Restatement {
  /** With the new spec in effect; its own revision is as it was, the caller counts it. */
  readonly deployment: Deployment;
  /** To be written in the same transaction; undefined when nothing but the desired state differs. */
  readonly revision: SpecRevision | undefined;
  /** To be written with it as well: that the deployment uses another version now. */
  readonly adoption: readonly Write[];
}

/**
 * Gives a deployment another `stated`, which its schema has accepted.
 *
 * Throws `invalid-request` or `not-found` where the spec that comes into effect by it cannot be: an unknown version,
 * target or placeholder, a configuration that the version does not take.
 */
export async function restate(
  platform: Platform,
  before: Deployment,
  stated: Readonly<Record<string, unknown>>,
  author: Authorship,
): Promise<Restatement> {
  const wanted = { ...stated, desiredState: stated['desiredState'] ?? before.spec.desiredState };
  const { spec, origins } = await specInEffect(platform, { ...before, stated: wanted });
  const revision = nextRevision(before, wanted, author);
  const specRevision = revision?.number ?? before.specRevision;
  const deployment = { ...before, stated: wanted, spec, origins, specRevision };
  return { deployment, revision, adoption: await adoptVersion(platform, deployment, before) };
}

/** The valid spec that a deployment has by what it states and inherits. */
export async function specInEffect(platform: Platform, deployment: StatedDeployment): Promise<EffectiveSpec> {
  const { stated, namespace } = deployment;
  const target = typeof stated['target'] === 'string' ? stated['target'] : 'default';
  const layers = await platform.stores.deployments.layers(namespace, target);
  if (layers.target === undefined) throw noTarget(target);
  const resolved = resolveSpec(deployment, layers);
  if (isFaulty(resolved)) {
    const [first] = resolved;
    const message = `Cannot accept the spec: ${first?.pointer} ${first?.message}`;
    throw new Problem('invalid-request', message, { errors: [...resolved] });
  }
  await checkSpec(platform, namespace, resolved.spec);
  return resolved;
}

function noTarget(name: string): Problem {
  const message = `Cannot run on target "${name}": there is no deployment target of this name; choose one of their list`;
  return new Problem('invalid-request', message, {
    errors: [{ pointer: '/spec/target', message: `"${name}" does not exist` }],
  });
}
