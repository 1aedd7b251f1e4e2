/** `--version` of commands about a deployment: a number, a tag, or both names as `fraud-detection@c8b3f`. */
import type { Flag, Invocation } from '../../command.ts';
import { versionNumber, versionReference } from '../../version-reference.ts';

export const versionFlag: Flag = {
  type: 'string',
  about: 'the version to run: its number or its tag, as in 7, c8b3f or fraud-detection@c8b3f',
};

/** The number of the version that the flag names, of this application; undefined when the flag was not given. */
export async function versionOf(
  { client, namespace, flags }: Invocation,
  application: string,
): Promise<number | undefined> {
  const text = flags['version'];
  if (typeof text !== 'string') return undefined;
  return versionNumber(await client(), { namespace, application }, text);
}

/** The same, of the application of a deployment; it is asked for only where the version is no number. */
export async function versionFor(invocation: Invocation, deployment: string): Promise<number | undefined> {
  const text = invocation.flags['version'];
  if (typeof text !== 'string') return undefined;
  if (!text.includes('@')) {
    const reference = versionReference(text);
    if (!reference.startsWith('@')) return Number(reference);
  }
  const { client, namespace } = invocation;
  const { spec } = await (await client()).get('getDeployment', { params: { namespace, deployment } });
  return versionOf(invocation, spec.application);
}
