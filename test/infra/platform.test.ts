import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { API_PREFIX } from '#contract/names.ts';
import type { Route } from '#contract/api/route.ts';
import { routes } from '#contract/api/routes.ts';
import { checkByNag } from '#infra/nag.ts';
import { createPlatform } from '#infra/platform.ts';

/** A resource of a template, as far as these tests look into it. */
interface Resource {
  readonly id: string;
  readonly stack: string;
  readonly Type: string;
  // Properties are whatever CloudFormation knows; every test says what it expects of them.
  readonly Properties: Record<string, never>;
  readonly DeletionPolicy?: string;
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Effect: string;
  readonly Condition?: unknown;
}

const outdir = mkdtempSync(join(tmpdir(), 'headwater-synth-'));
let resources: Resource[] = [];

beforeAll(async () => {
  // The stacks stage what was built; importing the script builds what is missing or outdated.
  await import('#infra/build.ts');
  const app: App = await createPlatform(outdir);
  // An unacknowledged finding makes the synthesis fail, and with it every test here.
  await checkByNag(app);
  app.synth();
  resources = readdirSync(outdir)
    .filter((file) => file.endsWith('.template.json'))
    .flatMap((file) => {
      const template = JSON.parse(readFileSync(join(outdir, file), 'utf8')) as {
        Resources: Record<string, Omit<Resource, 'id' | 'stack'>>;
      };
      const stack = file.replace('.template.json', '');
      return Object.entries(template.Resources).map(([id, resource]) => ({ id, stack, ...resource }));
    });
});
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const ofType = (type: string): Resource[] => {
  const found = resources.filter((resource) => resource.Type === type);
  expect(found.length, `resources of type ${type}`).toBeGreaterThan(0);
  return found;
};
const first = <T>(list: readonly T[]): T => {
  const [item] = list;
  if (item === undefined) throw new Error('Cannot look into the first of no resources');
  return item;
};
const text = (value: unknown): string => JSON.stringify(value);

describe('data', () => {
  test('tables and buckets stay when their stack goes', () => {
    const types = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::Kinesis::Stream'];
    for (const { id, DeletionPolicy } of types.flatMap(ofType)) {
      expect(DeletionPolicy, id).toMatch(/^Retain/);
    }
  });

  test('tables, buckets and streams are encrypted', () => {
    for (const table of ofType('AWS::DynamoDB::GlobalTable')) {
      expect(table.Properties['SSESpecification']).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    }
    for (const bucket of ofType('AWS::S3::Bucket')) expect(text(bucket.Properties)).toContain('SSEAlgorithm');
    for (const stream of ofType('AWS::Kinesis::Stream')) {
      expect(text(stream.Properties['StreamEncryption'])).toContain('KMS');
    }
  });

  test('the table of records is protected and can be brought back to any second', () => {
    const table = first(
      ofType('AWS::DynamoDB::GlobalTable').filter(({ stack }) => stack === 'HeadwaterData'),
    );
    const [replica] = table.Properties['Replicas'] as unknown as Record<string, unknown>[];
    expect(replica).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(table.Properties['TimeToLiveSpecification']).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    });
  });

  test('buckets take no plain HTTP and nothing public', () => {
    const policies = ofType('AWS::S3::BucketPolicy').map(({ Properties }) => text(Properties));
    for (const bucket of ofType('AWS::S3::Bucket')) {
      expect(bucket.Properties['PublicAccessBlockConfiguration']).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      const policy = policies.find((candidate) => candidate.includes(`"Bucket":{"Ref":"${bucket.id}"}`));
      expect(policy, bucket.id).toContain('"aws:SecureTransport":"false"');
    }
  });
});

describe('network', () => {
  test('there is nothing that costs money at rest', () => {
    const types = new Set(resources.map(({ Type }) => Type));
    expect(types).not.toContain('AWS::EC2::NatGateway');
    for (const endpoint of ofType('AWS::EC2::VPCEndpoint')) {
      expect(endpoint.Properties['VpcEndpointType']).toBe('Gateway');
    }
  });

  test('jobs accept connections from the gateway function only', () => {
    const rules = ofType('AWS::EC2::SecurityGroupIngress');
    expect(rules).toHaveLength(1);
    expect(rules[0]?.Properties).toMatchObject({ FromPort: 8081, ToPort: 8081, IpProtocol: 'tcp' });
    expect(text(rules[0]?.Properties['SourceSecurityGroupId'])).toContain('Gateway');
    for (const group of ofType('AWS::EC2::SecurityGroup')) {
      expect(group.Properties['SecurityGroupIngress'], group.id).toBeUndefined();
    }
  });

  test('the gateway is the only function inside the network', () => {
    const inside = ofType('AWS::Lambda::Function').filter(
      ({ Properties }) => Properties['VpcConfig'] !== undefined,
    );
    expect(inside.map(({ id }) => id)).toEqual([expect.stringMatching(/^Gateway/)]);
  });
});

describe('permissions', () => {
  const statements = (): { id: string; statement: Statement }[] =>
    ofType('AWS::IAM::Policy')
      // The function that copies the console is CDK's own.
      .filter(({ id }) => !id.startsWith('CustomCDKBucketDeployment'))
      .flatMap(({ id, Properties }) => {
        const document = Properties['PolicyDocument'] as unknown as { Statement: Statement[] };
        return document.Statement.map((statement) => ({ id, statement }));
      });
  const actionsOf = (policy: string): string[] =>
    statements()
      .filter(({ id }) => id.startsWith(policy))
      .flatMap(({ statement }) => statement.Action);

  test('no policy has a wildcard among its actions', () => {
    for (const { id, statement } of statements()) {
      for (const action of [statement.Action].flat()) expect(action, id).not.toContain('*');
    }
  });

  test('a policy names its resources, or its action knows none', () => {
    const knowNone = /^(ec2:\w+(NetworkInterfaces?|Subnets|PrivateIpAddresses)|logs:\w+)$/;
    for (const { id, statement } of statements()) {
      if (text(statement.Resource) !== '"*"' || statement.Condition !== undefined) continue;
      for (const action of [statement.Action].flat()) expect(action, id).toMatch(knowNone);
    }
  });

  test('what answers questions cannot change anything', () => {
    const actions = actionsOf('QueryRole');
    expect(actions).toContain('dynamodb:Query');
    expect(actions.filter((action) => /:(Put|Update|Delete|Run|Stop|Start|Pass)/.test(action))).toEqual([
      'logs:PutLogEvents',
    ]);
  });

  test('the authorizer reaches API tokens and nothing else of the table', () => {
    const ofTable = statements().filter(
      ({ id, statement }) => id.startsWith('AuthorizerRole') && text(statement.Action).includes('dynamodb'),
    );
    expect(ofTable.map(({ statement }) => statement.Action)).toEqual([
      ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    ]);
    expect(text(ofTable[0]?.statement.Condition)).toBe(
      text({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['token#*'] } }),
    );
  });

  test('only the steps run tasks and pass roles, and nobody scans the table', () => {
    const runners = statements().filter(({ statement }) =>
      /ecs:RunTask|iam:PassRole/.test(text(statement.Action)),
    );
    expect(new Set(runners.map(({ id }) => id.replace(/Role.*/, '')))).toEqual(new Set(['Steps']));
    expect(text(statements())).not.toContain('dynamodb:Scan');
  });

  test('a job reaches its state, and its stream and tables, and no bundle', () => {
    const worker = statements().filter(
      ({ id }) => id.startsWith('WorkerTaskRole') || id.startsWith('JobAccess'),
    );
    const where = text(worker.map(({ statement }) => statement.Resource));
    expect(where).toContain('/checkpoints/*');
    expect(where).toContain('/savepoints/*');
    expect(where).not.toContain('bundles');
  });

  test('a job reads input files and never writes them', () => {
    const input = statements().filter(
      ({ id, statement }) => id.startsWith('WorkerTaskRole') && text(statement.Resource).includes('/input/*'),
    );
    expect(input.map(({ statement }) => statement.Action)).toEqual(['s3:GetObject']);
  });

  test('a job writes output files, and finds the uploads that dead jobs have left', () => {
    const output = statements().filter(
      ({ id, statement }) =>
        id.startsWith('WorkerTaskRole') &&
        text([statement.Resource, statement.Condition]).includes('output/*'),
    );
    expect(output.flatMap(({ statement }) => statement.Action)).toEqual([
      's3:GetObject',
      's3:PutObject',
      's3:DeleteObject',
      's3:AbortMultipartUpload',
      's3:ListBucket',
    ]);
    expect(actionsOf('WorkerTaskRole')).toContain('s3:ListBucketMultipartUploads');
  });

  test('every managed policy belongs to CDK itself', () => {
    const managed = resources.filter(({ Properties }) => Properties?.['ManagedPolicyArns'] !== undefined);
    expect(managed.map(({ id }) => id)).toEqual([expect.stringMatching(/^CustomCDKBucketDeployment/)]);
  });
});

describe('API', () => {
  test('every route of the contract has an integration, and an authorizer unless it is public', () => {
    const deployed = new Map(
      ofType('AWS::ApiGatewayV2::Route')
        .filter(({ stack }) => stack === 'HeadwaterControl')
        .map(({ Properties }) => [String(Properties['RouteKey']), Properties]),
    );
    const rows = Object.values<Route>(routes);
    const strays = deployed.get('ANY /api/{path+}');
    expect(text(strays?.['Target'])).toContain('Query');
    expect(deployed.size).toBe(rows.length + 1);
    for (const route of rows) {
      const properties = deployed.get(`${route.method} ${API_PREFIX}${route.path}`);
      expect(text(properties?.['Target'])).toContain(route.method === 'GET' ? 'Query' : 'Command');
      expect(properties?.['AuthorizationType']).toBe(route.permission === 'public' ? 'NONE' : 'CUSTOM');
    }
  });

  test('access is by tokens unless a parameter says otherwise', () => {
    const file = join(outdir, 'HeadwaterControl.template.json');
    const { Parameters } = JSON.parse(readFileSync(file, 'utf8')) as { Parameters: Record<string, unknown> };
    expect(Parameters['Access']).toMatchObject({ Default: 'oidc', AllowedValues: ['oidc', 'local'] });
  });
});

describe('assets', () => {
  test('nothing needs Docker', () => {
    const manifests = readdirSync(outdir).filter((file) => file.endsWith('.assets.json'));
    expect(manifests).toHaveLength(6);
    for (const file of manifests) {
      const { dockerImages } = JSON.parse(readFileSync(join(outdir, file), 'utf8')) as {
        dockerImages?: object;
      };
      expect(dockerImages ?? {}, file).toEqual({});
    }
  });

  test('the hash of the worker is that of the file which tasks download', async () => {
    const { createHash } = await import('node:crypto');
    const steps = first(ofType('AWS::Lambda::Function').filter(({ id }) => id.startsWith('Steps')));
    const { Variables } = steps.Properties['Environment'] as unknown as {
      Variables: Record<string, string>;
    };
    const file = join(outdir, `asset.${String(Variables['HEADWATER_WORKER_KEY'])}`);
    expect(existsSync(file)).toBe(true);
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    expect(Variables['HEADWATER_WORKER_SHA256']).toBe(sha256);
  });

  test('logs are kept for three months and no longer', () => {
    for (const group of ofType('AWS::Logs::LogGroup'))
      expect(group.Properties['RetentionInDays'], group.id).toBe(90);
  });
});
