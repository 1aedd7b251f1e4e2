/** Where the jobs of deployments run. */
import * as z from 'zod';
import { Settings } from './deployment.ts';
import { Labels, Name, Revision, Timestamp } from './metadata.ts';

/** What every job on a target may use together; null has no limit. */
export const TargetQuota = z
  .strictObject({
    maxJobs: z.int().min(0).nullable().default(null),
    maxCpu: z.number().min(0).nullable().default(null),
    maxMemoryMb: z.int().min(0).nullable().default(null),
    /** Sum of the parallelisms of all jobs. */
    maxParallelism: z.int().min(0).nullable().default(null),
  })
  .meta({ id: 'TargetQuota' });
export type TargetQuota = z.infer<typeof TargetQuota>;

/** Another account in which the platform acts. */
export const TargetAccount = z
  .strictObject({
    /** Role that the platform assumes; its trust policy names the platform's account. */
    roleArn: z
      .string()
      .regex(
        /^arn:aws[a-z-]*:iam::\d{12}:role\/headwater-.+$/,
        'must be the ARN of an IAM role whose name begins with "headwater-"',
      ),
    /** Asked by the role's trust policy, so that nobody else makes the platform act there. */
    externalId: z.string().min(2).max(1224),
  })
  .meta({ id: 'TargetAccount' });

/** Where tasks get their network; the platform's own when absent. */
export const TargetNetwork = z
  .strictObject({
    subnets: z
      .array(z.string().regex(/^subnet-/, 'must be the id of a subnet'))
      .min(1)
      .max(16),
    securityGroups: z.array(z.string().regex(/^sg-/, 'must be the id of a security group')).min(1).max(5),
    assignPublicIp: z.boolean().default(false),
  })
  .meta({ id: 'TargetNetwork' });

/** What placeholders `{{config.<key>}}` stand for on a target. */
export const TargetConfig = z
  .record(
    z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/, 'must be letters, digits, _ and -, after a letter'),
    z.union([z.string().max(2048), z.number(), z.boolean()]),
  )
  .meta({ id: 'TargetConfig' });
export type TargetConfig = z.infer<typeof TargetConfig>;

const members = {
  kind: z.literal('fargate').default('fargate'),
  /** The platform's own when null. */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as eu-central-1')
    .nullable()
    .default(null),
  /** The platform's own account when null. */
  account: TargetAccount.nullable().default(null),
  /** Name or ARN of the ECS cluster; the platform's own when null. */
  cluster: z.string().min(1).max(255).nullable().default(null),
  /** Family, family with revision, or ARN; the platform's own when null. */
  taskDefinition: z.string().min(1).max(255).nullable().default(null),
  network: TargetNetwork.nullable().default(null),
  /** `spot-with-fallback` takes on-demand capacity where there is none of spot. */
  capacity: z.enum(['on-demand', 'spot', 'spot-with-fallback']).default('on-demand'),
  /** What runs there; for the overlays of deployments that differ. */
  overlay: Settings.default({}),
  config: TargetConfig.default({}),
  quota: TargetQuota.prefault({}),
  description: z.string().max(500).default(''),
  labels: Labels.default({}),
};

/** A place for jobs: region, account, network, capacity and what every spec gets there. `default` always exists. */
export const DeploymentTarget = z
  .object({
    name: Name,
    ...members,
    createdAt: Timestamp,
    modifiedAt: Timestamp,
    revision: Revision,
  })
  .meta({ id: 'DeploymentTarget' });
export type DeploymentTarget = z.infer<typeof DeploymentTarget>;

export const DeploymentTargetInput = z
  .strictObject({ name: Name, ...members })
  .meta({ id: 'DeploymentTargetInput' });
export type DeploymentTargetInput = z.infer<typeof DeploymentTargetInput>;

/** RFC 7386 merge patch of all but the name; the result is validated as a whole. */
export const DeploymentTargetPatch = z.record(z.string(), z.unknown()).meta({ id: 'DeploymentTargetPatch' });

/** The target that is made of the platform's own stacks. */
export const DEFAULT_TARGET = 'default';
