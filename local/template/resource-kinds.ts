/** The registry of resource types, one file a family. */
import { apiGatewayKinds } from './resources/api-gateway.ts';
import { bucketDeploymentKinds } from './resources/bucket-deployment.ts';
import { cloudFrontKinds } from './resources/cloudfront.ts';
import { dynamoDbKinds } from './resources/dynamodb.ts';
import { ecsKinds } from './resources/ecs.ts';
import { eventsKinds } from './resources/events.ts';
import { kinesisKinds } from './resources/kinesis.ts';
import { lambdaKinds } from './resources/lambda.ts';
import { logsKinds } from './resources/logs.ts';
import { s3Kinds } from './resources/s3.ts';
import { secretsKinds } from './resources/secrets.ts';
import { stepFunctionsKinds } from './resources/step-functions.ts';
import { withoutEffect } from './resources/without-effect.ts';
import type { ResourceKind } from './resource-kind.ts';

const kinds: Readonly<Record<string, ResourceKind>> = {
  ...apiGatewayKinds,
  ...bucketDeploymentKinds,
  ...cloudFrontKinds,
  ...dynamoDbKinds,
  ...ecsKinds,
  ...eventsKinds,
  ...kinesisKinds,
  ...lambdaKinds,
  ...logsKinds,
  ...s3Kinds,
  ...secretsKinds,
  ...stepFunctionsKinds,
};

/** What a type means; undefined when nobody has said that it may be left out. */
export function kindOf(type: string): ResourceKind | undefined {
  return Object.hasOwn(kinds, type) ? kinds[type] : withoutEffect(type);
}
