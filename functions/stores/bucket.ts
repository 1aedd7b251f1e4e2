/** Reads of the platform's bucket, where an object that is missing is an answer and not an error. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';

/** The bucket and the client that reaches it. */
export interface Bucket {
  readonly client: S3Client;
  readonly name: string;
}

/** Text of an object with its ETag. */
export interface StoredText {
  readonly text: string;
  readonly etag: string;
}

export async function readText(bucket: Bucket, key: string): Promise<StoredText | undefined> {
  try {
    const answer = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
    return { text: (await answer.Body?.transformToString()) ?? '', etag: answer.ETag ?? '' };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function headObject(bucket: Bucket, key: string): Promise<HeadObjectCommandOutput | undefined> {
  try {
    return await bucket.client.send(
      new HeadObjectCommand({ Bucket: bucket.name, Key: key, ChecksumMode: 'ENABLED' }),
    );
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** When an object was written. Listed, since a list has the time to the millisecond and a header to the second. */
export async function writtenAt(bucket: Bucket, key: string): Promise<Date | undefined> {
  const { Contents: found } = await bucket.client.send(
    new ListObjectsV2Command({ Bucket: bucket.name, Prefix: key, MaxKeys: 1 }),
  );
  return found?.[0]?.Key === key ? found[0].LastModified : undefined;
}

// S3's limit for one call.
const DELETE_MAX = 1000;

/** Deletes objects; those that are gone already do no harm. Throws when one could not be deleted. */
export async function deleteObjects(bucket: Bucket, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += DELETE_MAX) {
    const Objects = keys.slice(from, from + DELETE_MAX).map((Key) => ({ Key }));
    const { Errors: failed = [] } = await bucket.client.send(
      new DeleteObjectsCommand({ Bucket: bucket.name, Delete: { Objects, Quiet: true } }),
    );
    const [first] = failed;
    if (first !== undefined) {
      throw new Error(
        `Cannot delete ${first.Key ?? 'an object'} of bucket "${bucket.name}": ${first.Message ?? first.Code ?? 'S3 gave no reason'}`,
      );
    }
  }
}

/** True when a conditional write was refused because the object changed, or another write of it is under way. */
export function isRefused(error: unknown): boolean {
  if (!(error instanceof S3ServiceException)) return false;
  const status = error.$metadata.httpStatusCode;
  return status === 412 || status === 409;
}

/** True where there is no such object. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof NoSuchKey ||
    error instanceof NotFound ||
    (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404)
  );
}
