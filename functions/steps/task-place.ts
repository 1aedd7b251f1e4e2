/** Where tasks run: the cluster, its region and account, and what a task needs there. */
import { ECSClient } from '@aws-sdk/client-ecs';
import type { AwsVpcConfiguration } from '@aws-sdk/client-ecs';
import type { DeploymentTarget } from '#contract/resources/deployment-target.ts';
import { isOnLoopback, listSetting, ownRegion, setting } from '../middleware/environment.ts';
import { assumedRole } from './assumed-role.ts';

/** A cluster that the control plane can reach. */
export interface TaskPlace {
  readonly cluster: string;
  readonly taskDefinition: string;
  ecs(): ECSClient;
  network(): AwsVpcConfiguration;
}

// By what makes them differ: a client keeps its connections and the credentials of its role.
const places = new Map<string, TaskPlace>();

/** The cluster of the platform's own stacks. */
export function ownPlace(): TaskPlace {
  return placeOf(undefined);
}

/** The cluster of a target. The local cloud has one cluster, on which all targets lie. */
export function placeOf(target: DeploymentTarget | undefined): TaskPlace {
  const given = target === undefined || isOnLoopback() ? undefined : target;
  const { region, account, cluster, taskDefinition, network } = given ?? {};
  const key = JSON.stringify([region, account, cluster, taskDefinition, network]);
  const known = places.get(key);
  if (known !== undefined) return known;
  let client: ECSClient | undefined;
  const place: TaskPlace = {
    cluster: cluster ?? setting('cluster'),
    get taskDefinition() {
      return taskDefinition ?? setting('taskDefinition');
    },
    ecs() {
      client ??= new ECSClient({
        ...(region == null ? {} : { region }),
        ...(account == null ? {} : { credentials: assumedRole(account, region ?? ownRegion()) }),
      });
      return client;
    },
    network: () => ({
      subnets: network?.subnets ?? listSetting('subnets'),
      securityGroups: network?.securityGroups ?? listSetting('securityGroups'),
      assignPublicIp: (network?.assignPublicIp ?? true) ? 'ENABLED' : 'DISABLED',
    }),
  };
  places.set(key, place);
  return place;
}

/** Whether a task runs on the platform's own cluster. */
export function isOwnTask(arn: string): boolean {
  const [, , , region, , rest = ''] = arn.split(':');
  const cluster = rest.split('/')[1];
  return isOnLoopback() || (region === ownRegion() && cluster === setting('cluster').split('/').at(-1));
}

/** The place that an ARN of a task names: its region, account and cluster tell. */
export function placeOfTask(arn: string, targets: readonly DeploymentTarget[]): TaskPlace {
  const [, , , region, account, rest = ''] = arn.split(':');
  const cluster = rest.split('/')[1];
  const target = targets.find(
    (one) =>
      (one.region ?? ownRegion()) === region &&
      (one.account === null || one.account.roleArn.split(':')[4] === account) &&
      one.cluster !== null &&
      one.cluster.split('/').at(-1) === cluster,
  );
  return placeOf(target);
}
