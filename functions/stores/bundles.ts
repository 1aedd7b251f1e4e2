/** Application bundles in the bucket, by their hash. */
import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { bucketKeys } from '#contract/names.ts';
import { deleteObjects, headObject } from './bucket.ts';
import type { Bucket } from './bucket.ts';
import { objectsUnder } from './objects-under.ts';

/** An address for one upload, with the headers that must go with it. */
export interface PresignedUpload {
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** Bundles by hash. Presigned addresses are secrets: they go to who asked and into no log. */
export interface BundleStore {
  /** Size of an uploaded bundle whose content has this hash; undefined when it is missing or differs. */
  verifiedSize(sha256: string): Promise<number | undefined>;
  /** Whether there is a bundle under this hash, whatever it holds. */
  isThere(sha256: string): Promise<boolean>;
  /** Every bundle that was uploaded before that time. */
  olderThan(time: Date): Promise<string[]>;
  deleted(sha256: string): Promise<void>;
  presignUpload(sha256: string, expiresInSeconds: number): Promise<PresignedUpload>;
  presignDownload(sha256: string, expiresInSeconds: number): Promise<string>;
  /** Of an object elsewhere, such as the worker's own bundle. */
  presignObject(bucketName: string, key: string, expiresInSeconds: number): Promise<string>;
}

const CHECKSUM_HEADER = 'x-amz-checksum-sha256';

export function bundleStore(bucket: Bucket): BundleStore {
  const presignObject = (bucketName: string, key: string, expiresIn: number): Promise<string> =>
    getSignedUrl(bucket.client, new GetObjectCommand({ Bucket: bucketName, Key: key }), { expiresIn });
  return {
    presignObject,
    async verifiedSize(sha256) {
      const head = await headObject(bucket, bucketKeys.bundle(sha256));
      if (head === undefined) return undefined;
      // An upload through another way than ours may carry no checksum: then the bytes themselves decide.
      const actual = head.ChecksumSHA256 ?? (await contentHash(bucket, sha256));
      return actual === base64Of(sha256) ? head.ContentLength : undefined;
    },
    isThere: async (sha256) => (await headObject(bucket, bucketKeys.bundle(sha256))) !== undefined,
    async olderThan(time) {
      const objects = await objectsUnder(bucket, bucketKeys.bundles);
      return objects.flatMap(({ Key = '', LastModified }) => {
        const sha256 = /^bundles\/([0-9a-f]{64})\.mjs$/.exec(Key)?.[1];
        return sha256 !== undefined && LastModified !== undefined && LastModified < time ? [sha256] : [];
      });
    },
    deleted: (sha256) => deleteObjects(bucket, [bucketKeys.bundle(sha256)]),
    async presignUpload(sha256, expiresInSeconds) {
      const command = new PutObjectCommand({
        Bucket: bucket.name,
        Key: bucketKeys.bundle(sha256),
        ChecksumSHA256: base64Of(sha256),
      });
      // Signed as a header, so that S3 itself refuses a body with another hash.
      const url = await getSignedUrl(bucket.client, command, {
        expiresIn: expiresInSeconds,
        unhoistableHeaders: new Set([CHECKSUM_HEADER]),
      });
      return { url, headers: { [CHECKSUM_HEADER]: base64Of(sha256) } };
    },
    presignDownload: (sha256, expiresInSeconds) =>
      presignObject(bucket.name, bucketKeys.bundle(sha256), expiresInSeconds),
  };
}

function base64Of(sha256: string): string {
  return Buffer.from(sha256, 'hex').toString('base64');
}

async function contentHash(bucket: Bucket, sha256: string): Promise<string> {
  const answer = await bucket.client.send(
    new GetObjectCommand({ Bucket: bucket.name, Key: bucketKeys.bundle(sha256) }),
  );
  const hash = createHash('sha256');
  // In Node the body is a readable stream of buffers.
  for await (const chunk of answer.Body as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('base64');
}
