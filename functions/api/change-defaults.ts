/** PUT and PATCH of inherited settings: previewed, refused where they harm, written with their revision. */
import { differences } from '#contract/differences.ts';
import { Settings } from '#contract/resources/deployment.ts';
import type { DeploymentDefaults, InheritancePreview } from '#contract/resources/deployment-defaults.ts';
import { mergePatch } from '../control/merge-patch.ts';
import type { Platform } from '../middleware/platform.ts';
import { parsePart } from '../middleware/schema-faults.ts';
import { checkRevision, commitChange } from './changes.ts';
import { announceInherited, previewInherited, refuseInvalid } from './inherited-change.ts';

/** A change of defaults as it arrives. */
export interface DefaultsChange {
  readonly actor: string;
  readonly reason: string;
  readonly dryRun: boolean;
  readonly ifMatch: number | undefined;
  readonly settings: (before: Settings) => Settings;
}

/** The settings after a merge patch, as far as they are any. */
export function patched(before: Settings, patch: Readonly<Record<string, unknown>>): Settings {
  return parsePart(Settings, mergePatch(before, patch), '/settings');
}

/** Answers the defaults as they are then, or with `dryRun` what the change would do. */
export async function changeDefaults(
  platform: Platform,
  namespace: string | null,
  change: DefaultsChange,
): Promise<{ readonly body: DeploymentDefaults | InheritancePreview; readonly revision?: number }> {
  const { stores, now } = platform;
  const before = await stores.defaults.get(namespace);
  const what = namespace === null ? 'the global defaults' : `the defaults of namespace "${namespace}"`;
  checkRevision(what, before, change.ifMatch);
  const settings = change.settings(before.settings);
  const changes = differences(before.settings, settings);
  const layer = namespace === null ? { global: settings } : { namespace: { name: namespace, settings } };
  const preview =
    changes.length === 0 ? { deployments: [], invalid: [] } : await previewInherited(platform, layer);
  if (change.dryRun) return { body: preview };
  if (changes.length === 0) return { body: before, revision: before.revision };
  refuseInvalid(what, preview);
  const at = now().toISOString();
  const number = before.revision + 1;
  const after = { namespace, settings, modifiedAt: at, modifiedBy: change.actor, revision: number };
  await commitChange(
    stores,
    what,
    stores.defaults.replaced(after, {
      namespace,
      number,
      createdAt: at,
      createdBy: change.actor,
      reason: change.reason,
      settings,
      changes,
    }),
  );
  await announceInherited(platform, preview, { actor: change.actor, at, what });
  return { body: after, revision: after.revision };
}
