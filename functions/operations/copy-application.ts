/** An application version in another namespace: the record is copied, the bundle is found by its hash wherever it is asked for. */
import { Problem } from '#contract/problems.ts';
import type { Application } from '#contract/resources/application.ts';
import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';

/** Answers the number that the version has there; one that is there already stays as it is. */
export async function copyApplication(
  platform: Platform,
  version: ApplicationVersion,
  namespace: string,
): Promise<number> {
  const { stores, now } = platform;
  const { application: name, sha256 } = version;
  const known = await stores.versions.byHash(namespace, name, sha256);
  if (known !== undefined) return known.version;
  const at = now().toISOString();
  const there = await stores.applications.get(namespace, name);
  const number = (there?.latestVersion ?? 0) + 1;
  const application: Application = {
    ...(there ?? (await original(platform, version))),
    namespace,
    latestVersion: number,
    createdAt: there?.createdAt ?? at,
    modifiedAt: at,
    revision: (there?.revision ?? 0) + 1,
  };
  // A tag there may be another version's.
  const copied = { ...version, namespace, version: number, tag: null, retiredAt: null, revision: 1 };
  try {
    await stores.commit([
      there === undefined
        ? stores.applications.created(application)
        : stores.applications.replaced(application),
      ...stores.versions.created(copied),
    ]);
  } catch (cause) {
    if (!(cause instanceof WriteConflict)) throw cause;
    const message = `Cannot copy version ${version.version} of "${name}" to namespace "${namespace}": somebody pushes there at this moment; try again`;
    throw new Problem('operation-in-progress', message, { cause });
  }
  return number;
}

async function original(
  { stores }: Platform,
  { namespace, application }: ApplicationVersion,
): Promise<Application> {
  const found = await stores.applications.get(namespace, application);
  if (found !== undefined) return found;
  const message = `Cannot find application "${application}": namespace "${namespace}" has none of this name`;
  throw new Problem('not-found', message);
}
