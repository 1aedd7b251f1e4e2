/** A hand-made cloud assembly with one resource of each kind that the local cloud runs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const handler = `
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
const table = process.env.TABLE;
const client = new DynamoDBClient({});
const put = (id) => client.send(new PutItemCommand({ TableName: table, Item: { id: { S: id } } }));
let calls = 0;
export async function handler(event, context) {
  calls += 1;
  console.log(JSON.stringify({ message: 'called', event: event.kind ?? event.rawPath ?? event['detail-type'] }));
  if (event.type === 'REQUEST') return authorize(event);
  if (event.rawPath) return answer(event);
  if (event['detail-type']) return put(event['detail-type'] + ' ' + (event.detail.lastStatus ?? event.detail.id ?? '') + ' ' + (event.detail.taskArn ?? ''));
  if (event.kind === 'throw') throw Object.assign(new Error('no luck'), { name: 'BadLuck' });
  if (event.kind === 'hang') return new Promise(() => {});
  if (event.kind === 'loop') for (;;);
  if (event.kind === 'exit') process.exit(3);
  if (event.kind === 'flaky') { if (calls % 3 !== 0) throw Object.assign(new Error('again'), { name: 'Flaky' }); return { calls }; }
  if (event.kind === 'token') { await put('token ' + event.token); return {}; }
  if (event.kind === 'put') { await put(event.id); return { put: event.id }; }
  return { echo: event, name: context.functionName, left: context.getRemainingTimeInMillis() > 0, shell: process.env.HOME };
}
function authorize(event) {
  const [token] = event.identitySource;
  if (token === 'crash') throw new Error('broken');
  return { isAuthorized: token === 'let-me-in', context: { actor: 'ann' } };
}
function answer(event) {
  if (event.rawPath === '/things/7/undefined') return undefined;
  if (event.rawPath === '/things/7/plain') return { plain: true };
  return {
    statusCode: 201,
    cookies: ['a=1', 'b=2'],
    headers: { 'X-Thing': event.pathParameters?.id ?? 'none', 'content-type': 'application/json' },
    body: JSON.stringify(event),
  };
}
`;

const task = `
import { createServer } from 'node:http';
console.log('the task listens');
process.on('SIGTERM', () => process.exit(143));
createServer((request, response) => response.end(JSON.stringify({
  secret: process.env.SECRET, extra: process.env.EXTRA, endpoint: process.env.AWS_ENDPOINT_URL, pid: process.pid,
  heap: process.execArgv.join(' '),
}))).listen(Number(process.env.REST_PORT), '127.0.0.1');
`;

const definition = {
  StartAt: 'Put',
  States: {
    Put: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: '${Function}', Payload: { kind: 'put', 'id.$': '$.id' } },
      ResultPath: '$.put',
      Retry: [
        { ErrorEquals: ['Lambda.ServiceException'], IntervalSeconds: 1, MaxAttempts: 5, BackoffRate: 1 },
      ],
      Next: 'Wait',
    },
    Wait: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Done' },
    Done: { Type: 'Pass', OutputPath: '$.put.Payload', End: true },
  },
};

const resources = {
  Table: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      Replicas: [{ Region: { Ref: 'AWS::Region' } }],
    },
  },
  Site: { Type: 'AWS::S3::Bucket', Properties: {} },
  Stream: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'ticks', ShardCount: 2 } },
  Secret: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: { GenerateSecretString: { PasswordLength: 24, ExcludePunctuation: true } },
  },
  Setting: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/demo/table', Type: 'String', Value: { Ref: 'Table' } },
  },
  Role: { Type: 'AWS::IAM::Role', Properties: {} },
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: {
        S3Bucket: { 'Fn::Sub': 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}' },
        S3Key: 'code.zip',
      },
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Environment: { Variables: { TABLE: { Ref: 'Table' } } },
      Timeout: 2,
      MemorySize: 256,
    },
  },
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      DefinitionString: JSON.stringify(definition),
      DefinitionSubstitutions: { Function: { 'Fn::GetAtt': ['Function', 'Arn'] } },
    },
  },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'demo', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['Function', 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  Authorizer: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: { Ref: 'Api' },
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: ['$request.header.Authorization'],
      AuthorizerUri: {
        'Fn::Join': [
          '',
          [
            'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/',
            { 'Fn::GetAtt': ['Function', 'Arn'] },
            '/invocations',
          ],
        ],
      },
    },
  },
  ...route('AnyThing', 'ANY /api/things/{proxy+}', 'NONE'),
  ...route('GetThing', 'GET /things/{id}/{part}', 'NONE'),
  ...route('PostThing', 'POST /things', 'NONE'),
  ...route('Private', 'GET /private', 'CUSTOM'),
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: [{ prefix: 'demo' }, 'aws.ecs'] },
      State: 'ENABLED',
      Targets: [{ Id: 'one', Arn: { 'Fn::GetAtt': ['Function', 'Arn'] } }],
    },
  },
  Cluster: { Type: 'AWS::ECS::Cluster', Properties: {} },
  Task: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      Family: 'demo-task',
      Cpu: '256',
      Memory: '512',
      ContainerDefinitions: [
        {
          Name: 'main',
          Image: 'node:24',
          EntryPoint: ['node', '--input-type=module', '--eval'],
          Command: [task],
          Environment: [{ Name: 'REST_PORT', Value: '8081' }],
          Secrets: [{ Name: 'SECRET', ValueFrom: { Ref: 'Secret' } }],
          PortMappings: [{ ContainerPort: 8081 }],
          StopTimeout: 2,
          LogConfiguration: {
            LogDriver: 'awslogs',
            Options: { 'awslogs-group': { Ref: 'TaskLogs' }, 'awslogs-stream-prefix': 'main' },
          },
        },
      ],
    },
  },
  TaskLogs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/demo/task' } },
  Files: {
    Type: 'Custom::CDKBucketDeployment',
    Properties: {
      DestinationBucketName: { Ref: 'Site' },
      SourceObjectKeys: ['site.zip'],
      SystemMetadata: { 'cache-control': 'max-age=60' },
    },
  },
  Pages: {
    Type: 'AWS::CloudFront::Function',
    Properties: {
      Name: 'pages',
      FunctionCode:
        "function handler(event) { var r = event.request; if (!/\\.[a-z]+$/.test(r.uri)) r.uri = '/index.html'; return r; }",
    },
  },
  Distribution: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: {
        DefaultRootObject: 'index.html',
        DefaultCacheBehavior: {
          TargetOriginId: 'site',
          Compress: true,
          FunctionAssociations: [
            { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['Pages', 'FunctionARN'] } },
          ],
        },
        CacheBehaviors: [
          {
            PathPattern: '/api/*',
            TargetOriginId: 'api',
            AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
          },
        ],
        Origins: [
          { Id: 'site', DomainName: { 'Fn::GetAtt': ['Site', 'RegionalDomainName'] }, S3OriginConfig: {} },
          {
            Id: 'api',
            DomainName: { 'Fn::Sub': '${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}' },
            CustomOriginConfig: {},
          },
        ],
      },
    },
  },
};

function route(id: string, key: string, authorization: string): Record<string, unknown> {
  return {
    [id]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: key,
        AuthorizationType: authorization,
        ...(authorization === 'CUSTOM' ? { AuthorizerId: { Ref: 'Authorizer' } } : {}),
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
      },
    },
  };
}

const outputs = {
  Table: { Value: { Ref: 'Table' }, Export: { Name: 'demo:table' } },
  Site: { Value: { Ref: 'Site' } },
  Secret: { Value: { Ref: 'Secret' } },
  Function: { Value: { Ref: 'Function' } },
  Machine: { Value: { Ref: 'Machine' } },
  Cluster: { Value: { Ref: 'Cluster' } },
  ApiEndpoint: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
  Mode: { Value: { 'Fn::If': ['IsLoud', 'loud', 'quiet'] } },
};

/** Writes the assembly below `directory`, which must lie where handlers find the packages of this repository. */
export function writeAssembly(directory: string, changes: Record<string, unknown> = {}): string {
  const assembly = join(directory, 'cdk.out');
  const files = {
    'manifest.json': manifest(),
    'Demo.template.json': {
      Parameters: { Volume: { Type: 'String', Default: 'low' } },
      Conditions: { IsLoud: { 'Fn::Equals': [{ Ref: 'Volume' }, 'high'] } },
      Resources: { ...resources, ...changes },
      Outputs: outputs,
    },
    'Reader.template.json': {
      Resources: { Role: { Type: 'AWS::IAM::Role', Properties: {} } },
      Outputs: { Table: { Value: { 'Fn::ImportValue': 'demo:table' } } },
    },
    'Demo.assets.json': {
      files: {
        code: asset('asset.code', 'zip', 'code.zip'),
        site: asset('asset.site', 'zip', 'site.zip'),
        bundle: asset('bundle.mjs', 'file', 'bundle.mjs'),
      },
    },
    'Reader.assets.json': { files: {} },
  };
  for (const name of ['asset.code', 'asset.site']) mkdirSync(join(assembly, name), { recursive: true });
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(assembly, name), JSON.stringify(content));
  writeFileSync(join(assembly, 'asset.code', 'index.mjs'), handler);
  writeFileSync(
    join(assembly, 'asset.site', 'index.html'),
    `<!doctype html><title>Demo</title>${'<p>text</p>'.repeat(200)}`,
  );
  writeFileSync(join(assembly, 'asset.site', 'app.js'), 'console.log(1)');
  writeFileSync(join(assembly, 'bundle.mjs'), 'export const answer = 42;');
  return assembly;
}

function manifest(): unknown {
  const stack = (name: string, dependencies: string[]) => ({
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/unknown-region',
    properties: { templateFile: `${name}.template.json` },
    dependencies,
  });
  // The reader stands first, so that only its dependency brings it behind the stack that exports.
  return { artifacts: { Reader: stack('Reader', ['Demo']), Demo: stack('Demo', []) } };
}

function asset(path: string, packaging: string, objectKey: string): unknown {
  return { source: { path, packaging }, destinations: { here: { bucketName: 'assets', objectKey } } };
}
