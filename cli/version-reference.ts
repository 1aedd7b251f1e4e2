/** Versions as people write them: `7`, `c8b3f`, `@c8b3f` or `fraud-detection@c8b3f`. */
import type { Client } from '#contract/api/client.ts';
import { VersionReference } from '#contract/resources/application-version.ts';
import { CliError, exitCode } from './exit-code.ts';

/** A version in the form of the API's paths; a text without `@` that is no number is a tag. */
export function versionReference(text: string, application?: string): string {
  const at = text.indexOf('@');
  const name = at > 0 ? text.slice(0, at) : application;
  if (application !== undefined && name !== application) {
    throw new CliError(
      exitCode.usage,
      `Cannot use version "${text}": it is one of application "${name}", not of "${application}"`,
    );
  }
  const reference = at >= 0 ? text.slice(at) : /^\d+$/.test(text) ? text : `@${text}`;
  if (VersionReference.safeParse(reference).success) return reference;
  throw new CliError(
    exitCode.usage,
    `Cannot use version "${text}": write its number or its tag, as in 7, c8b3f or fraud-detection@c8b3f`,
  );
}

/** The number of a version; asks the platform only where it is named by its tag. */
export async function versionNumber(
  api: Client,
  place: { readonly namespace: string; readonly application: string },
  text: string,
): Promise<number> {
  const version = versionReference(text, place.application);
  if (!version.startsWith('@')) return Number(version);
  return (await api.get('getApplicationVersion', { params: { ...place, version } })).version;
}
