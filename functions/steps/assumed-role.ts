/** Credentials of a role in another account, renewed before they end. */
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { DeploymentTarget } from '#contract/resources/deployment-target.ts';

/** As the clients of the SDK take them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** What a client calls for credentials; it calls again when they are about to end. */
export function assumedRole(
  { roleArn, externalId }: NonNullable<DeploymentTarget['account']>,
  region: string,
): () => Promise<Credentials> {
  const sts = new STSClient({ region });
  return async () => {
    const { Credentials: given } = await sts.send(
      new AssumeRoleCommand({ RoleArn: roleArn, ExternalId: externalId, RoleSessionName: 'headwater' }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
      throw new Error(`Cannot act as ${roleArn}: STS gave no credentials`);
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration ?? new Date(0),
    };
  };
}
