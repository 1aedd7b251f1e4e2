/** The findings of cdk-nag that stand, each with its reason. Whatever is not listed here fails the check. */
import { Validations } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';

interface Acknowledgement {
  /** Paths of constructs; what is below them is meant too. */
  readonly at: readonly string[];
  readonly rule: string;
  /** Rules about policies report each wildcard by itself. */
  readonly findings?: readonly string[];
  readonly reason: string;
}

/** As cdk-nag writes references to other stacks and pseudo parameters. */
const STATE = 'Resource::HeadwaterData:ExportsOutputFnGetAttState1C20CC9AArnF70626CA';
const HERE = '<AWS::Region>:<AWS::AccountId>';
const CLUSTER = 'HeadwaterCompute:ExportsOutputRefClusterEB0386A796A0E3FE';

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
    reason:
      'Nothing listens but the REST port of jobs, to one security group; flow logs would cost more than the rest.',
  },
  {
    at: ['HeadwaterCompute/Cluster'],
    rule: 'ECS4',
    reason:
      'The worker reports its own metrics; Container Insights is paid by the metric and would repeat them.',
  },
  {
    at: ['HeadwaterCompute/Worker/Definition', 'HeadwaterDemo/Simulator/Definition'],
    rule: 'ECS2',
    reason: 'The environment holds addresses and names; the secret of a job is given to its own task only.',
  },
  {
    at: ['HeadwaterCompute/Worker/TaskRole'],
    rule: 'IAM5',
    findings: [`${STATE}/checkpoints/*`, `${STATE}/savepoints/*`, `${STATE}/input/*`, `${STATE}/output/*`],
    reason:
      'Objects below checkpoints/ and savepoints/ are named by their content, those below input/ and output/ by users.',
  },
  {
    at: ['HeadwaterControl'],
    rule: 'IAM5',
    findings: [
      `${STATE}/checkpoints/*`,
      `${STATE}/savepoints/*`,
      `${STATE}/bundles/*`,
      `${STATE}/launches/*`,
      `Resource::arn:<AWS::Partition>:ecs:${HERE}:task/${CLUSTER}/*`,
      `Resource::arn:<AWS::Partition>:states:${HERE}:execution:<WorkflowOperationDD5CDBD3.Name>:*`,
    ],
    reason: 'Folders of one bucket, tasks of one cluster, executions of one state machine.',
  },
  {
    at: ['HeadwaterControl'],
    rule: 'IAM5',
    findings: ['Resource::*'],
    reason:
      'Actions that know no resource: network interfaces of a function, log delivery, and listing tasks, which a condition binds to the cluster; and secrets of others, which a condition binds to a tag.',
  },
  {
    at: ['HeadwaterControl'],
    rule: 'IAM5',
    findings: [`Resource::arn:<AWS::Partition>:secretsmanager:${HERE}:secret:headwater/*`],
    reason: 'Secrets are named by users, below a prefix of their own.',
  },
  {
    at: ['HeadwaterControl/Steps', 'HeadwaterControl/Sweep'],
    rule: 'IAM5',
    findings: [
      'Resource::arn:*:iam::*:role/headwater-*',
      'Resource::arn:<AWS::Partition>:ecs:*:<AWS::AccountId>:task/headwater-*/*',
      'Resource::arn:<AWS::Partition>:ecs:*:<AWS::AccountId>:task-definition/headwater-*:*',
    ],
    reason:
      'Deployment targets are made while the platform runs: roles and clusters for them bear its name, and the trust policy of a role has the last word.',
  },
  {
    at: ['HeadwaterControl/JobSecret'],
    rule: 'SMG4',
    reason:
      'Rotation would lock the control plane out of running jobs, whose tokens derive from it; it never leaves the account.',
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
    at: [
      'HeadwaterControl/HttpApi/Api/GET--api--v1--health',
      'HeadwaterControl/HttpApi/Api/GET--api--v1--openapi.json',
    ],
    rule: 'APIG4',
    reason: 'Health and the API description say nothing about anybody.',
  },
  {
    at: ['HeadwaterControl/HttpApi/Api/ANY--api--{path+}'],
    rule: 'APIG4',
    reason: 'What no route takes is answered that there is no such thing, which says nothing about anybody.',
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
    reason:
      'Static files and an API that asks for a token and is throttled; a firewall is for the installation to add.',
  },
  {
    at: ['HeadwaterConsole/Distribution'],
    rule: 'CFR3',
    reason: 'The API has an access log; requests for static files tell nothing that is needed.',
  },
  {
    at: ['HeadwaterConsole/Distribution'],
    rule: 'CFR4',
    reason:
      'Without a domain of its own the distribution uses the certificate of CloudFront, which fixes the protocol.',
  },
  {
    at: [DEPLOYER],
    rule: 'L1',
    reason: 'The function that copies the console is part of CDK and chooses its own runtime.',
  },
  {
    at: [DEPLOYER],
    rule: 'IAM4',
    findings: ['Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    reason: 'The function that copies the console is part of CDK and chooses its own role.',
  },
  {
    at: [DEPLOYER],
    rule: 'IAM5',
    findings: [
      'Resource::<SiteE53D7754.Arn>/*',
      `Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*`,
      ...['GetObject*', 'GetBucket*', 'List*', 'DeleteObject*', 'Abort*'].map(
        (action) => `Action::s3:${action}`,
      ),
    ],
    reason: 'The function that copies the console is part of CDK; it reads assets and writes the site.',
  },
];

/** Tells cdk-nag which findings stand. Errors: throws for a path that no construct has, so that none goes stale. */
export function acknowledgeFindings(app: App): void {
  const constructs = new Map(app.node.findAll().map((construct) => [construct.node.path, construct]));
  for (const { at, rule, findings, reason } of acknowledgements) {
    for (const path of at) {
      const construct = constructs.get(path);
      if (construct === undefined) {
        throw new Error(`Cannot acknowledge ${rule} at "${path}": there is no such construct`);
      }
      for (const id of idsOf(rule, findings)) Validations.of(construct).acknowledge({ id, reason });
    }
  }
}

function idsOf(rule: string, findings: readonly string[] | undefined): string[] {
  const id = `AwsSolutions-${rule}`;
  return findings === undefined ? [id] : findings.map((finding) => `${id}[${finding}]`);
}
