import { arnOf } from '../../place.ts';
import type { ResourceKind } from '../resource-kind.ts';

const logGroup: ResourceKind = {
  nameProperty: 'LogGroupName',
  attribute: (resource, name) =>
    name === 'Arn' ? `${arnOf(resource.place, 'logs', `log-group:${resource.name}`)}:*` : undefined,
  deploy: (resource, cloud) => void cloud.logs.store.createGroup(resource.name),
};

/** CloudWatch's log groups. */
export const logsKinds: Readonly<Record<string, ResourceKind>> = { 'AWS::Logs::LogGroup': logGroup };
