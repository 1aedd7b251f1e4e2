import { Stack } from 'aws-cdk-lib';
import {
  GatewayVpcEndpointAwsService,
  IpAddresses,
  Port,
  SecurityGroup,
  Peer,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { WORKER_REST_PORT } from '#contract/names.ts';

/**
 * A network that costs nothing at rest: public subnets, no NAT, and gateway endpoints for S3 and DynamoDB.
 *
 * Tasks have public addresses to fetch their image and to reach Kinesis, and accept no connection but that of the
 * gateway function to their REST port.
 */
export class NetworkStack extends Stack {
  readonly vpc: IVpc;
  readonly jobs: SecurityGroup;
  readonly gateway: SecurityGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id, { description: 'Headwater: network of the jobs' });
    // As everywhere in infra: CDK's classes are their interfaces but for the exactness of optional properties.
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.48.0.0/20'),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'jobs', subnetType: SubnetType.PUBLIC, cidrMask: 22 }],
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    }) as IVpc;
    this.jobs = new SecurityGroup(this, 'Jobs', {
      vpc: this.vpc,
      description: 'Jobs: outbound TLS, inbound from the gateway function only',
      allowAllOutbound: false,
    });
    this.gateway = new SecurityGroup(this, 'Gateway', {
      vpc: this.vpc,
      description: 'Gateway function: reaches the REST API of jobs and nothing else',
      allowAllOutbound: false,
    });
    this.jobs.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS services and the image registry');
    this.jobs.addIngressRule(this.gateway, Port.tcp(WORKER_REST_PORT), 'REST API of a job');
    this.gateway.addEgressRule(this.jobs, Port.tcp(WORKER_REST_PORT), 'REST API of a job');
  }
}
