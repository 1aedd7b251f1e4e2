import { Problem } from '#contract/problems.ts';
import { secretsIn } from '#contract/placeholders.ts';
import type { Platform } from '../middleware/platform.ts';
import type { StoredJob } from '../stores/jobs.ts';

/**
 * Lays the secrets of a job where its worker finds them, and answers the address; undefined where it needs none.
 *
 * Values are read now and by this step alone: what a job was started with it keeps, a rotation is for the next one.
 */
export async function secretsAddress(
  { stores, newId }: Platform,
  job: StoredJob,
  expiresInSeconds: number,
): Promise<string | undefined> {
  const names = secretsIn(job.spec.configuration);
  if (names.length === 0) return undefined;
  const values = await Promise.all(names.map((name) => valueOf(stores, job, name)));
  const secrets = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
  return stores.launches.kept({ jobId: job.id, id: newId(), secrets }, expiresInSeconds);
}

/** Once a job runs, or will never run, nothing of its secrets is left on the way to it. */
export async function dropSecrets({ stores }: Platform, job: StoredJob): Promise<void> {
  if (secretsIn(job.spec.configuration).length > 0) await stores.launches.removed(job.id);
}

async function valueOf(
  stores: Platform['stores'],
  { namespace, deployment }: StoredJob,
  name: string,
): Promise<string> {
  const secret = await stores.secrets.get(namespace, name);
  const value = secret === undefined ? undefined : await stores.secrets.readValue(secret);
  if (value !== undefined) return value;
  const where = secret?.reference ?? `namespace "${namespace}"`;
  const message = `Cannot start deployment "${deployment}": its configuration refers to secret "${name}", and ${where} holds no value of it; set it`;
  throw new Problem('secret-missing', message);
}
