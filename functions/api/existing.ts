/** Loads what a path names, or throws the problem that it does not exist. */
import { Problem } from '#contract/problems.ts';
import type { Application } from '#contract/resources/application.ts';
import type { ApplicationVersion } from '#contract/resources/application-version.ts';
import type { Namespace } from '#contract/resources/namespace.ts';
import type { Platform } from '../middleware/platform.ts';

export async function existingNamespace({ stores }: Platform, name: string): Promise<Namespace> {
  const found = await stores.namespaces.get(name);
  if (found !== undefined) return found;
  throw new Problem('not-found', `Cannot find namespace "${name}": there is none of this name`);
}

export async function existingApplication(
  { stores }: Platform,
  namespace: string,
  name: string,
): Promise<Application> {
  const found = await stores.applications.get(namespace, name);
  if (found !== undefined) return found;
  const message = `Cannot find application "${name}": namespace "${namespace}" has none of this name`;
  throw new Problem('not-found', message);
}

export async function existingVersion(
  { stores }: Platform,
  namespace: string,
  application: string,
  version: number,
): Promise<ApplicationVersion> {
  const found = await stores.versions.get(namespace, application, version);
  if (found !== undefined) return found;
  const message = `Cannot find version ${version} of application "${application}": it was never pushed in namespace "${namespace}"`;
  throw new Problem('not-found', message);
}

/** By its number, or by its tag behind an `@`. */
export async function versionNamed(
  platform: Platform,
  named: { readonly namespace: string; readonly application: string; readonly version: string },
): Promise<ApplicationVersion> {
  const { namespace, application, version } = named;
  if (!version.startsWith('@')) return existingVersion(platform, namespace, application, Number(version));
  const found = await platform.stores.versions.byTag(namespace, application, version.slice(1));
  if (found !== undefined) return found;
  const message = `Cannot find version "${application}${version}": no version in namespace "${namespace}" has this tag`;
  throw new Problem('not-found', message);
}
