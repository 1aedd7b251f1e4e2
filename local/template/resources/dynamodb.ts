import { isObject, object, objects } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import { arnOf } from '../../place.ts';
import { AwsError } from '../../services/service.ts';
import type { Cloud } from '../cloud.ts';
import type { Resource, ResourceKind } from '../resource-kind.ts';

const table: ResourceKind = {
  nameProperty: 'TableName',
  attribute: (resource, name) => {
    const arn = arnOf(resource.place, 'dynamodb', `table/${resource.name}`);
    return { Arn: arn, StreamArn: `${arn}/stream/local`, TableId: resource.name }[name];
  },
  async deploy(resource, cloud) {
    if (!(await exists(resource, cloud))) await create(resource, cloud);
    const ttl = resource.property('TimeToLiveSpecification');
    if (isObject(ttl)) await setTimeToLive(resource, ttl, cloud);
  },
};

/** DynamoDB's tables; a table that exists is kept as it is. */
export const dynamoDbKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
};

async function exists(resource: Resource, cloud: Cloud): Promise<boolean> {
  try {
    await cloud.dynamodb.invoke('DescribeTable', { TableName: resource.name });
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.type.includes('ResourceNotFoundException')) return false;
    throw error;
  }
}

async function create(resource: Resource, cloud: Cloud): Promise<void> {
  const properties = resource.properties();
  const indexes = objects(properties, 'GlobalSecondaryIndexes').map(indexInput);
  const localIndexes = objects(properties, 'LocalSecondaryIndexes').map(indexInput);
  await cloud.dynamodb.invoke('CreateTable', {
    TableName: resource.name,
    AttributeDefinitions: properties['AttributeDefinitions'],
    KeySchema: properties['KeySchema'],
    // Capacity is a matter of billing; nothing is throttled here.
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes.length > 0 ? { GlobalSecondaryIndexes: indexes } : {}),
    ...(localIndexes.length > 0 ? { LocalSecondaryIndexes: localIndexes } : {}),
  });
}

function indexInput(index: JsonObject): JsonObject {
  const { IndexName, KeySchema, Projection } = index;
  return { IndexName, KeySchema, Projection };
}

async function setTimeToLive(resource: Resource, ttl: JsonObject, cloud: Cloud): Promise<void> {
  const found = await cloud.dynamodb.invoke('DescribeTimeToLive', { TableName: resource.name });
  const current = isObject(found) ? object(found, 'TimeToLiveDescription') : {};
  // As on AWS, setting what is already set is refused.
  if (current['TimeToLiveStatus'] === 'ENABLED' || ttl['Enabled'] === false) return;
  await cloud.dynamodb.invoke('UpdateTimeToLive', {
    TableName: resource.name,
    TimeToLiveSpecification: { AttributeName: ttl['AttributeName'], Enabled: true },
  });
}
