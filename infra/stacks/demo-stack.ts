import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpApi, HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { FargateService } from 'aws-cdk-lib/aws-ecs';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import type { Construct } from 'constructs';
import { workerEnvironment } from '#contract/names.ts';
import { buildDirectory } from '../build-directory.ts';
import { NodeTask } from '../constructs/node-task.ts';
import { addStage } from '../constructs/platform-api.ts';
import { PlatformFunction } from '../constructs/platform-function.ts';
import type { ComputeStack } from './compute-stack.ts';
import type { NetworkStack } from './network-stack.ts';

const RESULTS = 'examples/payments-dashboard/results';

export interface DemoStackProps {
  readonly network: NetworkStack;
  readonly compute: ComputeStack;
  readonly bootstrap: string;
}

/** Payments Dashboard (Europe): a stream of simulated payments, a table of results per deployment, and the page. */
export class DemoStack extends Stack {
  readonly #stream: Stream;
  readonly #staging: TableV2;
  readonly #production: TableV2;

  constructor(scope: Construct, id: string, props: DemoStackProps) {
    super(scope, id, { description: 'Headwater: the example Payments Dashboard (Europe)' });
    this.#stream = new Stream(this, 'Payments', {
      streamMode: StreamMode.PROVISIONED,
      shardCount: 2,
      encryption: StreamEncryption.MANAGED,
      retentionPeriod: Duration.hours(24),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.#staging = this.#createResults('Staging');
    this.#production = this.#createResults('Production');
    this.#allowJobs(props.compute);
    const page = this.#createPage();
    this.#createSimulator(props, page.apiEndpoint);
    new CfnOutput(this, 'DashboardUrl', { value: `${page.apiEndpoint}/` });
    new CfnOutput(this, 'StreamName', { value: this.#stream.streamName });
    new CfnOutput(this, 'StagingTableName', { value: this.#staging.tableName });
    new CfnOutput(this, 'ProductionTableName', { value: this.#production.tableName });
  }

  /** Results of one deployment: `view` is what the page asks for, `at` begins with the start of a window. */
  #createResults(deployment: string): TableV2 {
    return new TableV2(this, `${deployment}Results`, {
      partitionKey: { name: 'view', type: AttributeType.STRING },
      sortKey: { name: 'at', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  #allowJobs(compute: ComputeStack): void {
    new Policy(this, 'JobAccess', {
      roles: [compute.worker.taskRole],
      statements: [
        new PolicyStatement({
          actions: [
            'kinesis:DescribeStreamSummary',
            'kinesis:ListShards',
            'kinesis:GetShardIterator',
            'kinesis:GetRecords',
          ],
          resources: [this.#stream.streamArn],
        }),
        new PolicyStatement({
          actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
          resources: [this.#staging.tableArn, this.#production.tableArn],
        }),
      ],
    });
  }

  #createPage(): HttpApi {
    const results = new PlatformFunction(this, 'Results', {
      bundle: RESULTS,
      description: 'Serves the payments dashboard and its data',
      environment: { TABLE_STAGING: this.#staging.tableName, TABLE_PRODUCTION: this.#production.tableName },
    });
    results.allow(['dynamodb:Query'], [this.#staging.tableArn, this.#production.tableArn]);
    const api = new HttpApi(this, 'Dashboard', {
      apiName: 'payments-dashboard',
      description: 'Page and data of the payments dashboard',
      createDefaultStage: false,
    });
    addStage(this, api);
    const integration = new HttpLambdaIntegration('Results', results.lambda, {
      scopePermissionToRoute: false,
    });
    for (const path of ['/', '/{file+}']) api.addRoutes({ path, methods: [HttpMethod.GET], integration });
    return api;
  }

  /** The simulator's bundle is served beside the page, so that a plain task can fetch it by address and hash. */
  #createSimulator(props: DemoStackProps, pageUrl: string): void {
    const cursors = new TableV2(this, 'SimulatorCursor', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const bundle = readFileSync(join(buildDirectory, RESULTS, 'simulator.mjs'));
    const task = new NodeTask(this, 'Simulator', {
      container: 'simulator',
      bootstrap: props.bootstrap,
      cpu: 256,
      memoryMiB: 512,
      environment: {
        [workerEnvironment.workerUrl]: `${pageUrl}/simulator.mjs`,
        [workerEnvironment.workerSha256]: createHash('sha256').update(bundle).digest('hex'),
        NODE_OPTIONS: '--max-semi-space-size=1 --max-old-space-size=48',
        SIMULATOR_STREAM: this.#stream.streamName,
        SIMULATOR_CURSOR_TABLE: cursors.tableName,
      },
    });
    task.taskRole.addToPolicy(
      new PolicyStatement({
        actions: [
          'kinesis:PutRecords',
          'kinesis:ListShards',
          'kinesis:GetShardIterator',
          'kinesis:GetRecords',
        ],
        resources: [this.#stream.streamArn],
      }),
    );
    task.taskRole.addToPolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        resources: [cursors.tableArn],
      }),
    );
    new FargateService(this, 'SimulatorService', {
      cluster: props.compute.cluster,
      taskDefinition: task.definition,
      desiredCount: 1,
      minHealthyPercent: 0,
      maxHealthyPercent: 100,
      assignPublicIp: true,
      vpcSubnets: { subnets: props.network.vpc.publicSubnets },
      securityGroups: [props.network.jobs],
      circuitBreaker: { rollback: false },
    });
  }
}
