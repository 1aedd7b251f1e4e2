/** Which deployments use which secrets. */
import { secretsIn } from '#contract/placeholders.ts';
import type { Deployment } from '#contract/resources/deployment.ts';
import type { Platform } from '../middleware/platform.ts';
import { heirs } from './inherited-change.ts';

/** The deployments of a namespace by the secrets that their configurations refer to. */
export async function secretUsers(
  platform: Platform,
  namespace: string,
  which: { readonly withTrash: boolean } = { withTrash: false },
): Promise<Map<string, Deployment[]>> {
  const users = new Map<string, Deployment[]>();
  const layer = { namespace: { name: namespace, settings: {} } };
  for await (const deployment of heirs(platform, layer, which)) {
    for (const secret of secretsIn(deployment.spec.configuration)) {
      users.set(secret, [...(users.get(secret) ?? []), deployment]);
    }
  }
  return users;
}

/** Their names, in order. */
export function namesOf(deployments: readonly Deployment[] | undefined): string[] {
  return (deployments ?? []).map(({ name }) => name).sort();
}
