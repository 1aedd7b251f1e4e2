/** The findings of cdk-nag that stand, each with its reason. Whatever is not listed here fails the check. */
import { Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';

interface Acknowledgement {
  /** Paths of constructs; what is below them is meant too. */
  readonly at: readonly string[];
  readonly rule: string;
  readonly reason: string;
}

const DEPLOYER = 'HeadwaterConsole/Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C';

const acknowledgements: readonly Acknowledgement[] = [
  {
    at: ['HeadwaterData/State', 'HeadwaterConsole/Site'],
    rule: 'S1',
    reason: 'CloudTrail data events give the same and more; the platform does not choose who pays for them.',
  },
  {
    at: ['HeadwaterNetwork/Vpc'],
    rule: 'VPC7',
    reason: 'Nothing listens but the REST port of jobs, to one security group; flow logs would cost more than the rest.',
  },
  {
    at: ['HeadwaterCompute/Cluster'],
    rule: 'ECS4',
    reason: 'The worker reports its own metrics; Container Insights is paid by the metric and would repeat them.',
  },
  {
    at: ['HeadwaterCompute/Worker/Definition', 'HeadwaterDemo/Simulator/Definition'],
    rule: 'ECS2',
    reason: 'The environment holds addresses and names; the secret of a job is given to its own task only.',
  },
  {
    at: ['HeadwaterCompute/Worker/TaskRole'],
    rule: 'IAM5',
    reason: 'Objects below checkpoints/ and savepoints/ are named by their content.',
  },
  {
    at: ['HeadwaterControl'],
    rule: 'IAM5',
    reason: 'Folders of one bucket, tasks of one cluster, executions of one state machine; where an action knows no resource, a condition names the cluster.',
  },
  {
    at: ['HeadwaterControl/JobSecret'],
    rule: 'SMG4',
    reason: 'Rotation would lock the control plane out of running jobs, whose tokens derive from it; it never leaves the account.',
  },
  {
    at: ['HeadwaterControl/Workflow'],
    rule: 'SF2',
    reason: 'Every step records its times and attempts in the operation, which is what one reads.',
  },
  {
    at: ['HeadwaterControl/SignIn'],
    rule: 'COG8',
    reason: 'The pool is for small installations; those with threat protection bring their own issuer.',
  },
  {
    at: ['HeadwaterControl/HttpApi/Api/GET--api--v1--health', 'HeadwaterControl/HttpApi/Api/GET--api--v1--openapi.json'],
    rule: 'APIG4',
    reason: 'Health and the API description say nothing about anybody.',
  },
  {
    at: ['HeadwaterDemo/Dashboard'],
    rule: 'APIG4',
    reason: 'The example shows simulated payments to everyone who has its address.',
  },
  {
    at: ['HeadwaterConsole/Distribution'],
    rule: 'CFR1',
    reason: 'Where one may work from is for the installation to decide.',
  },
  {
    at: ['HeadwaterConsole/Distribution'],
    rule: 'CFR2',
    reason: 'Static files and an API that asks for a token and is throttled; a firewall is for the installation to add.',
  },
  {
    at: ['HeadwaterConsole/Distribution'],
    rule: 'CFR3',
    reason: 'The API has an access log; requests for static files tell nothing that is needed.',
  },
  {
    at: ['HeadwaterConsole/Distribution'],
    rule: 'CFR4',
    reason: 'Without a domain of its own the distribution uses the certificate of CloudFront, which fixes the protocol.',
  },
  ...['IAM4', 'IAM5', 'L1'].map((rule) => ({
    at: [DEPLOYER],
    rule,
    reason: 'The function that copies the console is part of CDK and chooses its own runtime and role.',
  })),
];

export function acknowledgeFindings(app: App): void {
  for (const { at, rule, reason } of acknowledgements) {
    for (const path of at) {
      const construct = app.node.findAll().find((candidate) => candidate.node.path === path);
      if (construct === undefined) {
        throw new Error(`Cannot acknowledge ${rule} at "${path}": there is no such construct`);
      }
      Validations.of(construct).acknowledge({ id: `AwsSolutions-${rule}`, reason });
    }
  }
}
