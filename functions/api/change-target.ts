/** PUT and PATCH of a target: what its overlay does to deployments is previewed, and refused where it harms. */
import { differences } from '#contract/differences.ts';
import { Problem } from '#contract/problems.ts';
import type { InheritancePreview } from '#contract/resources/deployment-defaults.ts';
import type { DeploymentTarget, DeploymentTargetInput } from '#contract/resources/deployment-target.ts';
import type { Platform } from '../middleware/platform.ts';
import { checkRevision, commitChange } from './changes.ts';
import { existingTarget } from './existing-target.ts';
import { announceInherited, previewInherited, refuseInvalid } from './inherited-change.ts';

/** A change of a target as it arrives. */
export interface TargetChange {
  readonly actor: string;
  readonly dryRun: boolean;
  readonly ifMatch: number | undefined;
  readonly wanted: (before: DeploymentTarget) => DeploymentTargetInput;
}

/** Answers the target as it is then, or with `dryRun` what the change would do to deployments. */
export async function changeTarget(
  platform: Platform,
  name: string,
  change: TargetChange,
): Promise<{ readonly body: DeploymentTarget | InheritancePreview; readonly revision?: number }> {
  const { stores, now } = platform;
  const before = await existingTarget(platform, name);
  const what = `target "${name}"`;
  checkRevision(what, before, change.ifMatch);
  const wanted = change.wanted(before);
  refuseOtherName(before, wanted);
  const at = now().toISOString();
  const kept = { createdAt: before.createdAt, revision: before.revision + 1 };
  const after: DeploymentTarget = { ...wanted, ...kept, modifiedAt: at };
  const changes = differences({ ...before, ...kept, modifiedAt: at }, after);
  const preview = await previewInherited(platform, { target: after });
  if (change.dryRun) return { body: preview };
  if (changes.length === 0) return { body: before, revision: before.revision };
  refuseInvalid(what, preview);
  await commitChange(stores, what, [stores.targets.replaced(after)]);
  await announceInherited(platform, preview, { actor: change.actor, at, what });
  return { body: after, revision: after.revision };
}

function refuseOtherName(before: DeploymentTarget, { name }: DeploymentTargetInput): void {
  if (name === before.name) return;
  const message = `Cannot rename target "${before.name}" to "${name}": names stay; create another target`;
  throw new Problem('invalid-request', message, {
    errors: [{ pointer: '/name', message: `must be "${before.name}"` }],
  });
}
