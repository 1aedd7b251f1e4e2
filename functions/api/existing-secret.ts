import { Problem } from '#contract/problems.ts';
import type { SecretValue } from '#contract/resources/secret-value.ts';
import type { Platform } from '../middleware/platform.ts';

/** The secret of this name, or the problem that there is none. */
export async function existingSecret(
  { stores }: Platform,
  namespace: string,
  name: string,
): Promise<SecretValue> {
  const found = await stores.secrets.get(namespace, name);
  if (found !== undefined) return found;
  const message = `Cannot find secret "${name}": namespace "${namespace}" has none of this name`;
  throw new Problem('not-found', message);
}
