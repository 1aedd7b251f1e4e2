import type { ResourceKind } from '../resource-kind.ts';

/** Types that only grant, route, watch or pay for something that the local cloud does not have. */
const types = new Set([
  'AWS::ApiGatewayV2::Stage',
  'AWS::CDK::Metadata',
  'AWS::CloudFront::CachePolicy',
  'AWS::CloudFront::OriginAccessControl',
  'AWS::CloudFront::OriginRequestPolicy',
  'AWS::ECS::CapacityProvider',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
  'AWS::Logs::MetricFilter',
  'AWS::Logs::QueryDefinition',
  'AWS::Logs::ResourcePolicy',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::ResourcePolicy',
  'Custom::LogRetention',
  'Custom::S3AutoDeleteObjects',
  'Custom::VpcRestrictDefaultSG',
]);
const families = [
  'AWS::ApplicationAutoScaling::',
  'AWS::Budgets::',
  'AWS::CloudWatch::',
  'AWS::Cognito::',
  'AWS::EC2::',
  'AWS::IAM::',
  'AWS::KMS::',
  'AWS::WAFv2::',
];

const nothing: ResourceKind = {
  attribute: (resource, name) =>
    name.endsWith('Arn') ? arnOfAnything(resource.type, resource.name) : resource.name,
};

/** A kind that has names and ARNs and does nothing; undefined for types whose absence would be missed. */
export function withoutEffect(type: string): ResourceKind | undefined {
  return types.has(type) || families.some((family) => type.startsWith(family)) ? nothing : undefined;
}

function arnOfAnything(type: string, name: string): string {
  const [, service = '', thing = ''] = type.toLowerCase().split('::');
  return `arn:aws:${service}::000000000000:${thing}/${name}`;
}
