import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { functionEnvironment } from '#contract/names.ts';
import { buildDirectory } from '../build-directory.ts';
import { ControlPermissions } from '../constructs/control-permissions.ts';
import { OperationWorkflow, operationWorkflowArn } from '../constructs/operation-workflow.ts';
import { PlatformApi } from '../constructs/platform-api.ts';
import { PlatformFunction } from '../constructs/platform-function.ts';
import { SignIn } from '../constructs/sign-in.ts';
import type { ComputeStack } from './compute-stack.ts';
import type { NetworkStack } from './network-stack.ts';

export interface ControlStackProps {
  readonly table: TableV2;
  readonly bucket: Bucket;
  readonly network: NetworkStack;
  readonly compute: ComputeStack;
}

/** The control plane: the API, the workflow of operations, and what keeps desired and observed state together. */
export class ControlStack extends Stack {
  readonly api: PlatformApi;
  readonly #props: ControlStackProps;
  readonly #may: ControlPermissions;
  readonly #jobSecret: ISecret;
  readonly #worker: Asset;
  readonly #gateway: PlatformFunction;
  readonly #webhooks: PlatformFunction;

  constructor(scope: Construct, id: string, props: ControlStackProps) {
    super(scope, id, { description: 'Headwater: API and workflows' });
    this.#props = props;
    this.#may = new ControlPermissions(props.table, props.bucket, props.compute);
    this.#jobSecret = new Secret(this, 'JobSecret', {
      description: 'The bearer token of every job is derived from it',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    }) as ISecret; // See network-stack.ts about such casts.
    this.#worker = new Asset(this, 'WorkerBundle', { path: join(buildDirectory, 'worker/worker.mjs') });
    this.#gateway = this.#createGateway();
    this.#webhooks = this.#createWebhooks();

    const steps = this.#createSteps();
    const workflow = new OperationWorkflow(this, 'Workflow', steps.lambda);
    const environment = this.#environment({
      [functionEnvironment.workflow]: workflow.stateMachine.stateMachineArn,
    });
    this.#createEvents(workflow, environment);
    this.api = this.#createApi(workflow, environment);
    new CfnOutput(this, 'ApiUrl', {
      value: this.api.api.apiEndpoint,
      description: 'REST API, without its path',
    });
  }
  #createGateway(): PlatformFunction {
    const { vpc, gateway } = this.#props.network;
    return new PlatformFunction(this, 'Gateway', {
      bundle: 'functions/gateway',
      description: 'Calls the REST API of jobs; the only function inside the network',
      inside: { vpc, securityGroup: gateway },
    });
  }

  /** Reaches the internet, and nothing inside: it has no place in the network, and no addresses but public ones. */
  #createWebhooks(): PlatformFunction {
    const { table, bucket } = this.#props;
    const webhooks = new PlatformFunction(this, 'Webhooks', {
      bundle: 'functions/webhooks',
      description: 'Tells webhooks of events',
      timeout: Duration.seconds(60),
      environment: {
        [functionEnvironment.table]: table.tableName,
        [functionEnvironment.bucket]: bucket.bucketName,
      },
    });
    this.#may.writeRecords(webhooks);
    new Rule(this, 'WebhooksEveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaTarget(webhooks.lambda)],
    });
    return webhooks;
  }

  #createSteps(): PlatformFunction {
    const { compute, network } = this.#props;
    const steps = new PlatformFunction(this, 'Steps', {
      bundle: 'functions/steps',
      description: 'Carries out one step of an operation',
      timeout: Duration.seconds(45),
      environment: this.#environment({
        [functionEnvironment.workflow]: operationWorkflowArn(this),
        [functionEnvironment.taskDefinition]: compute.worker.definition.taskDefinitionArn,
        [functionEnvironment.subnets]: network.vpc.publicSubnets.map((subnet) => subnet.subnetId).join(','),
        [functionEnvironment.securityGroups]: network.jobs.securityGroupId,
        [functionEnvironment.workerBucket]: this.#worker.s3BucketName,
        [functionEnvironment.workerKey]: this.#worker.s3ObjectKey,
        [functionEnvironment.workerSha256]: sha256(join(buildDirectory, 'worker/worker.mjs')),
      }),
    });
    this.#may.writeRecords(steps);
    this.#may.readObjects(steps, 'checkpoints', 'savepoints', 'bundles', 'launches');
    this.#may.writeObjects(steps, 'checkpoints', 'launches');
    this.#may.deleteObjects(steps, 'launches');
    this.#may.readSecrets(steps);
    this.#may.runInTargets(steps);
    this.#may.readWorker(steps, this.#worker);
    this.#may.callJobs(steps, this.#gateway.lambda, this.#jobSecret);
    this.#may.runTasks(steps);
    this.#may.observeTasks(steps);
    this.#may.stopTasks(steps);
    // What waited for its end, and what follows of it.
    this.#may.startOperations(steps, operationWorkflowArn(this));
    this.#may.announceEvents(steps, this.#webhooks.lambda);
    return steps;
  }

  /** What comes from AWS's bus and what the schedule finds: both may begin an operation. */
  #createEvents(workflow: OperationWorkflow, environment: Readonly<Record<string, string>>): void {
    const { compute } = this.#props;
    const taskChanged = new PlatformFunction(this, 'TaskChanged', {
      bundle: 'functions/task-changed',
      description: 'Recovers a deployment whose task stopped',
      environment,
    });
    const sweep = new PlatformFunction(this, 'Sweep', {
      bundle: 'functions/sweep',
      description: 'Compares desired with observed state, for what events missed',
      timeout: Duration.seconds(55),
      environment,
    });
    const housekeeping = this.#createHousekeeping(workflow, environment);
    for (const observer of [taskChanged, sweep]) {
      this.#may.writeRecords(observer);
      this.#may.readObjects(observer, 'checkpoints', 'launches');
      // Secrets of a job that ended before it ran.
      this.#may.deleteObjects(observer, 'launches');
      this.#may.startOperations(observer, workflow.stateMachine.stateMachineArn);
      this.#may.observeTasks(observer);
      this.#may.announceEvents(observer, this.#webhooks.lambda);
    }
    this.#may.readOperations(sweep, workflow.stateMachine);
    this.#may.observeTargets(sweep);
    this.#may.stopTasks(sweep);
    // The head of a deployment at rest is fenced against what still runs.
    this.#may.writeObjects(sweep, 'checkpoints');
    this.#may.callJobs(sweep, this.#gateway.lambda, this.#jobSecret);
    new Rule(this, 'TaskStateChange', {
      description: 'Tasks of the cluster that stopped',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [compute.cluster.clusterArn], lastStatus: ['STOPPED'] },
      },
      targets: [new LambdaTarget(taskChanged.lambda)],
    });
    new Rule(this, 'EveryMinute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaTarget(sweep.lambda), new LambdaTarget(housekeeping.lambda)],
    });
  }

  /** Removes what nobody keeps, and begins what the clock asks for. */
  #createHousekeeping(
    workflow: OperationWorkflow,
    environment: Readonly<Record<string, string>>,
  ): PlatformFunction {
    const housekeeping = new PlatformFunction(this, 'Housekeeping', {
      bundle: 'functions/housekeeping',
      description: 'Takes savepoints by schedule, and empties the trash',
      timeout: Duration.seconds(55),
      environment,
    });
    this.#may.writeRecords(housekeeping);
    this.#may.readObjects(housekeeping, 'checkpoints', 'savepoints', 'bundles');
    this.#may.dropUploads(housekeeping, 'bundles');
    // The head of a deployment whose leftovers are collected.
    this.#may.writeObjects(housekeeping, 'checkpoints');
    this.#may.deleteObjects(housekeeping, 'checkpoints', 'savepoints', 'bundles');
    this.#may.startOperations(housekeeping, workflow.stateMachine.stateMachineArn);
    this.#may.announceEvents(housekeeping, this.#webhooks.lambda);
    return housekeeping;
  }

  #createApi(workflow: OperationWorkflow, environment: Readonly<Record<string, string>>): PlatformApi {
    const signIn = new SignIn(this, 'SignIn');
    const query = new PlatformFunction(this, 'Query', {
      bundle: 'functions/query',
      description: 'Answers what the API is asked',
      environment,
    });
    const command = new PlatformFunction(this, 'Command', {
      bundle: 'functions/command',
      description: 'Accepts what the API is told to do',
      environment,
    });
    const authorizer = new PlatformFunction(this, 'Authorizer', {
      bundle: 'functions/authorizer',
      description: 'Tells who calls the API and in which role',
      environment: {
        [functionEnvironment.access]: signIn.access,
        [functionEnvironment.issuer]: signIn.issuer,
        [functionEnvironment.audience]: signIn.audience,
        [functionEnvironment.table]: this.#props.table.tableName,
      },
    });
    this.#may.checkTokens(authorizer);
    this.#may.readRecords(query);
    this.#may.readObjects(query, 'checkpoints', 'savepoints');
    this.#may.writeRecords(command);
    this.#may.keepSecrets(command);
    this.#may.readObjects(command, 'checkpoints', 'savepoints', 'bundles');
    this.#may.deleteObjects(command, 'checkpoints', 'savepoints');
    // Imported savepoints, and the head of a deployment whose leftovers are collected.
    this.#may.writeObjects(command, 'bundles', 'checkpoints');
    this.#may.listUploads(command, 'bundles');
    this.#may.startOperations(command, workflow.stateMachine.stateMachineArn);
    this.#may.announceEvents(command, this.#webhooks.lambda);
    this.#may.callJobs(query, this.#gateway.lambda, this.#jobSecret);
    // Checkpoints on request go straight to the job: it owns them.
    this.#may.callJobs(command, this.#gateway.lambda, this.#jobSecret);
    return new PlatformApi(this, 'HttpApi', {
      query: query.lambda,
      command: command.lambda,
      authorizer: authorizer.lambda,
    });
  }

  #environment(more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const { table, bucket, compute } = this.#props;
    return {
      [functionEnvironment.table]: table.tableName,
      [functionEnvironment.bucket]: bucket.bucketName,
      [functionEnvironment.cluster]: compute.cluster.clusterArn,
      [functionEnvironment.gateway]: this.#gateway.lambda.functionName,
      [functionEnvironment.webhooks]: this.#webhooks.lambda.functionName,
      [functionEnvironment.jobSecret]: this.#jobSecret.secretArn,
      ...more,
    };
  }
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
