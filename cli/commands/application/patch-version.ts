/** Changes of a version that its number or its tag names. */
import type { ApplicationVersionPatch } from '#contract/resources/application-version.ts';
import type { Invocation, Result } from '../../command.ts';
import { versionReference } from '../../version-reference.ts';
import { versionView } from './version-view.ts';

export const versionArguments = [
  { name: 'application', about: 'its name' },
  { name: 'version', about: 'number or tag of the version' },
] as const;

/** Reads the version and changes it as it was read. */
export async function patchVersion(
  { client, namespace, args }: Invocation,
  body: ApplicationVersionPatch,
): Promise<Result> {
  const application = args['application'] ?? '';
  const params = { namespace, application, version: versionReference(args['version'] ?? '', application) };
  const api = await client();
  const { revision } = await api.get('getApplicationVersion', { params });
  const version = await api.get('updateApplicationVersion', { params, body, ifMatch: `"${revision}"` });
  return { body: version, view: versionView(version) };
}
