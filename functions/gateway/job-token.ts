/** Bearer tokens of jobs: derived from one secret, so that none is ever stored. */
import { createHmac } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { setting } from '../middleware/environment.ts';

let secret: Promise<string> | undefined;

/** The token with which a job's REST API is called. */
export async function jobToken(jobId: string): Promise<string> {
  secret ??= readSecret().catch((error: unknown) => {
    // The next call tries again instead of failing for ever.
    secret = undefined;
    throw error;
  });
  return createHmac('sha256', await secret)
    .update(jobId)
    .digest('hex');
}

async function readSecret(): Promise<string> {
  const answer = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: setting('jobSecret') }),
  );
  if (answer.SecretString === undefined) {
    throw new Error('Cannot make a job token: the job secret holds no text; recreate it');
  }
  return answer.SecretString;
}
