import { object } from '../../input.ts';
import { arnOf } from '../../place.ts';
import { AwsError } from '../../services/service.ts';
import type { ResourceKind } from '../resource-kind.ts';

const stream: ResourceKind = {
  nameProperty: 'Name',
  attribute: (resource, name) =>
    name === 'Arn' ? arnOf(resource.place, 'kinesis', `stream/${resource.name}`) : undefined,
  async deploy(resource, cloud) {
    const mode = object(resource.properties(), 'StreamModeDetails')['StreamMode'];
    const shards = Number(resource.property('ShardCount') ?? (mode === 'ON_DEMAND' ? 4 : 1));
    try {
      await cloud.kinesis.invoke('CreateStream', { StreamName: resource.name, ShardCount: shards });
    } catch (error) {
      // A stream that exists keeps its records and its shards, which may have been split since.
      if (!(error instanceof AwsError) || error.type !== 'ResourceInUseException') throw error;
      return;
    }
    const hours = Number(resource.property('RetentionPeriodHours') ?? 24);
    if (hours <= 24) return;
    await cloud.kinesis.invoke('IncreaseStreamRetentionPeriod', {
      StreamName: resource.name,
      RetentionPeriodHours: hours,
    });
  },
};

/** Kinesis' streams; a stream that exists is kept as it is. */
export const kinesisKinds: Readonly<Record<string, ResourceKind>> = { 'AWS::Kinesis::Stream': stream };
