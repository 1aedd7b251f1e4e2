import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { object } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import { arnOf } from '../../place.ts';
import type { Cloud } from '../cloud.ts';
import type { Resource, ResourceKind } from '../resource-kind.ts';

const lambdaFunction: ResourceKind = {
  nameProperty: 'FunctionName',
  attribute: (resource, name) => (name === 'Arn' ? arn(resource) : undefined),
  deploy(resource, cloud) {
    const runtime = String(resource.property('Runtime'));
    if (!runtime.startsWith('nodejs')) {
      const reason = `Function "${resource.name}" does not run locally: its runtime is ${runtime}`;
      return cloud.lambda.defineUnrunnable(resource.name, reason);
    }
    const properties = resource.properties();
    const logGroup = String(
      object(properties, 'LoggingConfig')['LogGroup'] ?? `/aws/lambda/${resource.name}`,
    );
    const handler = String(properties['Handler']);
    const memoryMb = Number(properties['MemorySize'] ?? 128);
    cloud.logs.store.createGroup(logGroup);
    cloud.lambda.define({
      name: resource.name,
      arn: arn(resource),
      handler,
      codeDirectory: codeDirectory(resource, object(properties, 'Code'), cloud),
      timeoutSeconds: Number(properties['Timeout'] ?? 3),
      memoryMb,
      runtime,
      logGroup,
      environment: {
        ...cloud.clientEnvironment,
        ...variablesOf(object(properties, 'Environment')),
        AWS_LAMBDA_FUNCTION_NAME: resource.name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
        AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
        _HANDLER: handler,
        TZ: ':UTC',
      },
    });
  },
};

/** Lambda's functions; their code is read where the assembly has it. */
export const lambdaKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::Lambda::Function': lambdaFunction,
};

function arn(resource: Resource): string {
  return arnOf(resource.place, 'lambda', `function:${resource.name}`);
}

function variablesOf(environment: JsonObject): Record<string, string> {
  const variables = Object.entries(object(environment, 'Variables'));
  return Object.fromEntries(variables.map(([name, value]) => [name, String(value)]));
}

function codeDirectory(resource: Resource, code: JsonObject, cloud: Cloud): string {
  const inline = code['ZipFile'];
  if (typeof inline === 'string') {
    const directory = join(cloud.inlineCodeDirectory, resource.name);
    mkdirSync(directory, { recursive: true });
    // Code in a template is CommonJS on AWS, whatever package.json may lie above the data directory.
    writeFileSync(join(directory, 'index.cjs'), inline);
    return directory;
  }
  const asset = cloud.assets.get(String(code['S3Key']));
  if (asset === undefined || !asset.isDirectory || !existsSync(asset.path)) {
    throw new Error(`its code "${String(code['S3Key'])}" is no directory of the assembly`);
  }
  return asset.path;
}
