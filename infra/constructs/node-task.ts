import { RemovalPolicy, Duration } from 'aws-cdk-lib';
import {
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Public and multi-architecture; the bootstrap brings everything else, so that no image is ever built. */
const NODE_IMAGE = 'public.ecr.aws/docker/library/node:24-slim';

export interface NodeTaskProps {
  readonly container: string;
  /** Text of an ES module without dependencies, which fetches the program and runs it. */
  readonly bootstrap: string;
  readonly cpu: number;
  readonly memoryMiB: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly port?: number;
}

/** A Fargate task that runs one JavaScript program on the public Node image. */
export class NodeTask extends Construct {
  readonly definition: FargateTaskDefinition;
  readonly taskRole: Role;
  readonly executionRole: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: NodeTaskProps) {
    super(scope, id);
    const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com');
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.taskRole = new Role(this, 'TaskRole', { assumedBy, description: 'What the program may do' });
    this.executionRole = new Role(this, 'ExecutionRole', {
      assumedBy,
      description: 'Writes the logs of the task',
    });
    this.executionRole.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    this.definition = new FargateTaskDefinition(this, 'Definition', {
      cpu: props.cpu,
      memoryLimitMiB: props.memoryMiB,
      taskRole: this.taskRole,
      executionRole: this.executionRole.withoutPolicyUpdates(),
      runtimePlatform: {
        cpuArchitecture: CpuArchitecture.ARM64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    this.definition.addContainer(props.container, {
      image: ContainerImage.fromRegistry(NODE_IMAGE),
      entryPoint: ['node', '--input-type=module', '--eval'],
      command: [props.bootstrap],
      environment: { ...props.environment },
      ...(props.port !== undefined && { portMappings: [{ containerPort: props.port }] }),
      stopTimeout: Duration.seconds(30),
      logging: LogDrivers.awsLogs({ logGroup: this.logGroup, streamPrefix: props.container }),
    });
  }
}
