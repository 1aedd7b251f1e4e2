import { isObject } from '../../input.ts';
import { generateSecret } from '../../services/secrets/secrets-manager.ts';
import { arnOf } from '../../place.ts';
import type { ResourceKind } from '../resource-kind.ts';

const secret: ResourceKind = {
  nameProperty: 'Name',
  reference: (resource, cloud) => cloud.secrets.arn(resource.name),
  attribute: (resource, name, cloud) => (name === 'Id' ? cloud.secrets.arn(resource.name) : undefined),
  async deploy(resource, cloud) {
    // A generated value is made once; what was encrypted or signed with it must stay readable.
    if (cloud.secrets.has(resource.name)) return;
    const rules = resource.property('GenerateSecretString');
    const given = resource.property('SecretString');
    const value = typeof given === 'string' ? given : generateSecret(isObject(rules) ? rules : {});
    await cloud.secrets.invoke('CreateSecret', { Name: resource.name, SecretString: value });
  },
};

const parameter: ResourceKind = {
  nameProperty: 'Name',
  attribute: (resource, name) => {
    if (name === 'Value') return String(resource.property('Value'));
    if (name === 'Type') return String(resource.property('Type') ?? 'String');
    return name === 'Arn'
      ? arnOf(resource.place, 'ssm', `parameter/${resource.name.replace(/^\//, '')}`)
      : undefined;
  },
  async deploy(resource, cloud) {
    const Value = String(resource.property('Value'));
    if (cloud.parameters.find(resource.name) === Value) return;
    await cloud.parameters.invoke('PutParameter', {
      Name: resource.name,
      Value,
      Type: 'String',
      Overwrite: true,
    });
  },
};

/** Secrets Manager's secrets and Systems Manager's parameters. */
export const secretsKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::SecretsManager::Secret': secret,
  'AWS::SSM::Parameter': parameter,
};
