/** What each function of the control plane may do: the smallest set that its work needs. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { ComputeStack } from '../stacks/compute-stack.ts';
import type { PlatformFunction } from './platform-function.ts';

const READ_RECORDS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const WRITE_RECORDS = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:ConditionCheckItem',
];

/** Gives permissions on the platform's resources to one function after the other. */
export class ControlPermissions {
  readonly #table: TableV2;
  readonly #bucket: Bucket;
  readonly #compute: ComputeStack;

  constructor(table: TableV2, bucket: Bucket, compute: ComputeStack) {
    this.#table = table;
    this.#bucket = bucket;
    this.#compute = compute;
  }

  readRecords(to: PlatformFunction): void {
    to.allow(READ_RECORDS, [this.#table.tableArn, `${this.#table.tableArn}/index/gsi1`]);
  }

  writeRecords(to: PlatformFunction): void {
    this.readRecords(to);
    to.allow(WRITE_RECORDS, [this.#table.tableArn]);
  }

  /** Looks API tokens up and notes their use; no other item can be reached. */
  checkTokens(to: PlatformFunction): void {
    to.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [this.#table.tableArn], {
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['token#*'] },
    });
  }

  readObjects(to: PlatformFunction, ...folders: string[]): void {
    to.allow(['s3:GetObject'], this.#objects(folders));
    // Without it S3 says "access denied" for an object that does not exist.
    to.allow(['s3:ListBucket'], [this.#bucket.bucketArn], {
      StringLike: { 's3:prefix': folders.map((folder) => `${folder}/*`) },
    });
  }

  writeObjects(to: PlatformFunction, ...folders: string[]): void {
    to.allow(['s3:PutObject'], this.#objects(folders));
  }

  deleteObjects(to: PlatformFunction, ...folders: string[]): void {
    to.allow(['s3:DeleteObject'], this.#objects(folders));
  }

  /** Uploads in parts: which there are, and what has arrived of them. */
  listUploads(to: PlatformFunction, folder: string): void {
    to.allow(['s3:ListMultipartUploadParts'], this.#objects([folder]));
    // It knows no condition on the key.
    to.allow(['s3:ListBucketMultipartUploads'], [this.#bucket.bucketArn]);
  }

  /** Uploads that nobody goes on with. */
  dropUploads(to: PlatformFunction, folder: string): void {
    to.allow(['s3:AbortMultipartUpload'], this.#objects([folder]));
    to.allow(['s3:ListBucketMultipartUploads'], [this.#bucket.bucketArn]);
  }

  /** The worker's bundle, for the presigned address that a task downloads it from. */
  readWorker(to: PlatformFunction, asset: Asset): void {
    to.allow(['s3:GetObject'], [asset.bucket.arnForObjects(asset.s3ObjectKey)]);
  }

  /** Calls to a job's REST API: the token is made from the secret, the gateway carries the call. */
  callJobs(to: PlatformFunction, gateway: LambdaFunction, secret: ISecret): void {
    to.allow(['lambda:InvokeFunction'], [gateway.functionArn]);
    to.allow(['secretsmanager:GetSecretValue'], [secret.secretArn]);
  }

  startOperations(to: PlatformFunction, workflowArn: string): void {
    to.allow(['states:StartExecution'], [workflowArn]);
  }

  /** Without waiting for it. */
  announceEvents(to: PlatformFunction, webhooks: LambdaFunction): void {
    to.allow(['lambda:InvokeFunction'], [webhooks.functionArn]);
  }

  readOperations(to: PlatformFunction, workflow: StateMachine): void {
    const executions = Stack.of(workflow).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${workflow.stateMachineName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    to.allow(['states:DescribeExecution'], [executions]);
  }

  observeTasks(to: PlatformFunction): void {
    to.allow(['ecs:DescribeTasks'], [this.#tasks()]);
    // Listing is scoped by the cluster alone: it knows no other resource.
    to.allow(['ecs:ListTasks'], ['*'], this.#inCluster());
  }

  stopTasks(to: PlatformFunction): void {
    to.allow(['ecs:StopTask'], [this.#tasks()], this.#inCluster());
  }

  /** Sets, rotates and deletes the secrets of namespaces; it can read none of them. */
  keepSecrets(to: PlatformFunction): void {
    to.allow(
      ['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue', 'secretsmanager:DeleteSecret'],
      [this.#secrets()],
    );
  }

  /** The secrets of namespaces, and those of others that are tagged for it. */
  readSecrets(to: PlatformFunction): void {
    to.allow(['secretsmanager:GetSecretValue'], [this.#secrets()]);
    to.allow(['secretsmanager:GetSecretValue', 'ssm:GetParameter'], ['*'], {
      StringEquals: { 'aws:ResourceTag/headwater': 'readable' },
    });
  }

  /** Looks after tasks of deployment targets; in other accounts by a role, whose trust policy has the last word. */
  observeTargets(to: PlatformFunction): void {
    to.allow(['sts:AssumeRole'], ['arn:*:iam::*:role/headwater-*']);
    to.allow(['ecs:DescribeTasks', 'ecs:StopTask'], [this.#ofTargets('task', 'headwater-*/*')]);
  }

  /** Runs tasks on clusters of deployment targets, which bear the platform's name. */
  runInTargets(to: PlatformFunction): void {
    this.observeTargets(to);
    to.allow(['ecs:RunTask'], [this.#ofTargets('task-definition', 'headwater-*:*')], {
      ArnLike: { 'ecs:cluster': this.#ofTargets('cluster', 'headwater-*') },
    });
  }

  runTasks(to: PlatformFunction): void {
    const { definition, taskRole, executionRole } = this.#compute.worker;
    to.allow(['ecs:RunTask'], [definition.taskDefinitionArn], this.#inCluster());
    to.allow(['ecs:TagResource'], [this.#tasks()], { StringEquals: { 'ecs:CreateAction': 'RunTask' } });
    to.allow(['iam:PassRole'], [taskRole.roleArn, executionRole.roleArn], {
      StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    });
  }

  #objects(folders: readonly string[]): string[] {
    return folders.map((folder) => this.#bucket.arnForObjects(`${folder}/*`));
  }

  /** In every region of the platform's account. */
  #ofTargets(resource: string, resourceName: string): string {
    return Stack.of(this.#table).formatArn({ service: 'ecs', region: '*', resource, resourceName });
  }

  /** Named headwater/<namespace>/<name>. */
  #secrets(): string {
    return Stack.of(this.#table).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: 'headwater/*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  #tasks(): string {
    const { cluster } = this.#compute;
    return Stack.of(cluster).formatArn({
      service: 'ecs',
      resource: 'task',
      resourceName: `${cluster.clusterName}/*`,
    });
  }

  #inCluster(): Record<string, unknown> {
    return { ArnEquals: { 'ecs:cluster': this.#compute.cluster.clusterArn } };
  }
}
