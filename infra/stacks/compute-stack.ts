import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { WORKER_CONTAINER, WORKER_REST_PORT, workerEnvironment } from '#contract/names.ts';
import { NodeTask } from '../constructs/node-task.ts';
import type { NetworkStack } from './network-stack.ts';

export interface ComputeStackProps {
  readonly bucket: Bucket;
  readonly network: NetworkStack;
  readonly bootstrap: string;
}

/** Where jobs run: a Fargate cluster and the one task definition that every job is started from. */
export class ComputeStack extends Stack {
  readonly cluster: ICluster;
  readonly worker: NodeTask;

  constructor(scope: Construct, id: string, props: ComputeStackProps) {
    super(scope, id, { description: 'Headwater: cluster and task of the jobs' });
    this.cluster = new Cluster(this, 'Cluster', {
      vpc: props.network.vpc,
      enableFargateCapacityProviders: true,
    }) as ICluster; // See network-stack.ts about such casts.
    this.worker = new NodeTask(this, 'Worker', {
      container: WORKER_CONTAINER,
      bootstrap: props.bootstrap,
      cpu: 1024,
      memoryMiB: 2048,
      port: WORKER_REST_PORT,
      environment: {
        [workerEnvironment.restPort]: String(WORKER_REST_PORT),
        // The main thread only coordinates; slots set the limits of their own threads.
        NODE_OPTIONS: '--max-semi-space-size=1',
      },
    });
    allowState(this.worker, props.bucket);
    allowInput(this.worker, props.bucket);
    allowOutput(this.worker, props.bucket);
    new CfnOutput(this, 'JobRole', {
      description: 'Role of every job: give it what applications read and write beyond the platform',
      value: this.worker.taskRole.roleName,
    });
  }
}

/** A job reads and writes checkpoints and savepoints; bundles come by presigned address. */
function allowState(worker: NodeTask, bucket: Bucket): void {
  const folders = ['checkpoints/*', 'savepoints/*'];
  worker.taskRole.addToPolicy(
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      resources: folders.map((folder) => bucket.arnForObjects(folder)),
    }),
  );
  worker.taskRole.addToPolicy(
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': folders } },
    }),
  );
}

/** Files that applications read as input may lie in the platform's bucket, below a folder of their own. */
function allowInput(worker: NodeTask, bucket: Bucket): void {
  worker.taskRole.addToPolicy(
    new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('input/*')] }),
  );
  worker.taskRole.addToPolicy(
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': 'input/*' } },
    }),
  );
}

/** Files that applications write: by multipart uploads, those of dead jobs being found and aborted. */
function allowOutput(worker: NodeTask, bucket: Bucket): void {
  worker.taskRole.addToPolicy(
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
      resources: [bucket.arnForObjects('output/*')],
    }),
  );
  worker.taskRole.addToPolicy(
    new PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': 'output/*' } },
    }),
  );
  worker.taskRole.addToPolicy(
    // This action knows no condition on a prefix.
    new PolicyStatement({ actions: ['s3:ListBucketMultipartUploads'], resources: [bucket.bucketArn] }),
  );
}
