import { Problem } from '#contract/problems.ts';
import { ApplicationVersion } from '#contract/resources/application-version.ts';
import type { ApplicationVersionPatch } from '#contract/resources/application-version.ts';
import { mergePatch } from '../control/merge-patch.ts';
import { handler } from '../middleware/call.ts';
import { parsePart } from '../middleware/schema-faults.ts';
import { WriteConflict } from '../stores/database.ts';
import { checkRevision, commitChange } from './changes.ts';
import { versionNamed } from './existing.ts';

export const updateApplicationVersion = handler(
  'updateApplicationVersion',
  async ({ platform, params, body, ifMatch }) => {
    const { stores, now } = platform;
    const before = await versionNamed(platform, params);
    const what = `version ${before.version} of application "${before.application}"`;
    checkRevision(what, before, ifMatch);
    const version = patched(before, body, now().toISOString());
    try {
      await commitChange(stores, what, stores.versions.replaced(before, version));
    } catch (error) {
      throw tagIsTaken(error) ? takenTag(what, version) : error;
    }
    return { body: version, revision: version.revision };
  },
);

function patched(before: ApplicationVersion, patch: ApplicationVersionPatch, at: string): ApplicationVersion {
  const { tag, labels, retired } = patch;
  return parsePart(ApplicationVersion, {
    ...before,
    tag: tag === undefined ? before.tag : tag,
    labels: mergePatch(before.labels, labels ?? {}),
    retiredAt: retired === undefined ? before.retiredAt : retired ? (before.retiredAt ?? at) : null,
    revision: before.revision + 1,
  });
}

function tagIsTaken(error: unknown): boolean {
  return (
    error instanceof Problem &&
    error.cause instanceof WriteConflict &&
    error.cause.resources.includes('version-tag')
  );
}

function takenTag(what: string, { tag }: ApplicationVersion): Problem {
  return new Problem(
    'already-exists',
    `Cannot tag ${what}: another version has tag "${tag}"; choose another`,
  );
}
