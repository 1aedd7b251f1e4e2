import type { ResourceKind } from '../resource-kind.ts';

const bucket: ResourceKind = {
  nameProperty: 'BucketName',
  nameStyle: 'bucket',
  attribute: (resource, name) =>
    ({
      Arn: `arn:aws:s3:::${resource.name}`,
      DomainName: `${resource.name}.s3.amazonaws.com`,
      RegionalDomainName: `${resource.name}.s3.${resource.place.region}.amazonaws.com`,
      DualStackDomainName: `${resource.name}.s3.dualstack.${resource.place.region}.amazonaws.com`,
      WebsiteURL: `http://${resource.name}.s3-website-${resource.place.region}.amazonaws.com`,
    })[name],
  deploy: (resource, cloud) => cloud.s3.createBucket(resource.name),
};

/** S3's buckets; a bucket that exists keeps its objects. */
export const s3Kinds: Readonly<Record<string, ResourceKind>> = { 'AWS::S3::Bucket': bucket };
