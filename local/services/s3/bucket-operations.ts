/** Operations on buckets as a whole. */
import { AwsError } from '../service.ts';
import type { Catalog } from './catalog.ts';
import { list } from './list-objects.ts';
import type { S3Answer } from './s3-response.ts';
import { requireBucket } from './write-object.ts';

/** Settings that a template may carry and that have no effect on one machine. */
export const ignoredBucketSettings = [
  'accelerate',
  'cors',
  'encryption',
  'lifecycle',
  'logging',
  'notification',
  'ownershipControls',
  'policy',
  'publicAccessBlock',
  'tagging',
  'versioning',
] as const;

export function listBuckets(catalog: Catalog): S3Answer {
  const Bucket = catalog
    .buckets()
    .map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt).toISOString() }));
  return { xml: { ListAllMyBucketsResult: { Owner: { ID: 'local' }, Buckets: { Bucket } } } };
}

export function createBucket(catalog: Catalog, name: string, now: number): S3Answer {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    throw new AwsError(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
  }
  if (catalog.bucket(name) !== undefined) {
    const message = 'Your previous request to create the named bucket succeeded and you already own it.';
    throw new AwsError(409, 'BucketAlreadyOwnedByYou', message, { BucketName: name });
  }
  catalog.insertBucket(name, now);
  return { headers: { location: `/${name}` } };
}

export function deleteBucket(catalog: Catalog, name: string): S3Answer {
  requireBucket(catalog, name);
  const { objects } = list(catalog, { bucket: name, prefix: '', delimiter: '', after: '', limit: 1 });
  if (objects.length > 0 || catalog.uploads(name).length > 0) {
    throw new AwsError(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty', {
      BucketName: name,
    });
  }
  catalog.deleteBucket(name);
  return { status: 204 };
}
