import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { buildDirectory } from '../build-directory.ts';

export interface PlatformFunctionProps {
  /** Folder of the bundle below build/, such as `functions/query`. */
  readonly bundle: string;
  readonly description: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeout?: Duration;
  /** Puts the function into public subnets, where it reaches the inside of the network and nothing else. */
  readonly inside?: { readonly vpc: IVpc; readonly securityGroup: ISecurityGroup };
}

/** A Lambda function with its own role, its own log group and no permission but those that are granted to it. */
export class PlatformFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: PlatformFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    if (props.inside) allowNetworkInterfaces(this.role);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(buildDirectory, props.bundle)),
      handler: 'index.handler',
      memorySize: 256,
      timeout: props.timeout ?? Duration.seconds(30),
      logGroup,
      role: this.role.withoutPolicyUpdates(),
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
      ...(props.inside && {
        vpc: props.inside.vpc,
        vpcSubnets: { subnets: props.inside.vpc.publicSubnets },
        securityGroups: [props.inside.securityGroup],
        allowPublicSubnet: true,
      }),
    });
  }

  /** Allows actions on resources; a condition is needed wherever the resource cannot be named. */
  allow(
    actions: readonly string[],
    resources: readonly string[],
    conditions?: Record<string, unknown>,
  ): void {
    this.role.addToPolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(conditions && { conditions }),
      }),
    );
  }
}

/** What Lambda itself needs to place a function inside a VPC; these actions know no resources. */
function allowNetworkInterfaces(role: Role): void {
  role.addToPolicy(
    new PolicyStatement({
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    }),
  );
}
