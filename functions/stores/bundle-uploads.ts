/** Uploads of large bundles in parts. S3 keeps what has arrived, so that a cut upload goes on from any machine. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { bucketKeys } from '#contract/names.ts';
import { isMissing } from './bucket.ts';
import type { Bucket } from './bucket.ts';

/** A part that has arrived. */
export interface UploadedPart {
  readonly number: number;
  readonly sizeBytes: number;
  readonly etag: string;
}

/** One upload of one bundle. */
export interface BundleUpload {
  readonly sha256: string;
  readonly uploadId: string;
}

/** Uploads under way; their bundle is there once they are completed, and not before. */
export interface BundleUploadStore {
  /** The upload of this bundle that is under way, or else a new one. */
  begun(sha256: string): Promise<BundleUpload>;
  /** What has arrived, in order; undefined when there is no such upload any more. */
  parts(upload: BundleUpload): Promise<UploadedPart[] | undefined>;
  presignPart(upload: BundleUpload, part: number, expiresInSeconds: number): Promise<string>;
  /** False when there is no such upload any more. */
  complete(upload: BundleUpload, parts: readonly UploadedPart[]): Promise<boolean>;
  /** Drops uploads that were begun before that time, with all that has arrived of them; answers how many. */
  dropOlderThan(time: Date): Promise<number>;
}

export function bundleUploadStore(bucket: Bucket): BundleUploadStore {
  const { client, name: Bucket } = bucket;
  const place = ({ sha256, uploadId }: BundleUpload) => ({
    Bucket,
    Key: bucketKeys.bundle(sha256),
    UploadId: uploadId,
  });
  return {
    async begun(sha256) {
      const Key = bucketKeys.bundle(sha256);
      const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: Key }));
      const known = Uploads?.find((upload) => upload.Key === Key)?.UploadId;
      if (known !== undefined) return { sha256, uploadId: known };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      return { sha256, uploadId: UploadId ?? '' };
    },
    parts: (upload) =>
      unlessMissing(async () => {
        // One answer holds a thousand parts, of which a bundle has 32 at most.
        const { Parts = [] } = await client.send(new ListPartsCommand(place(upload)));
        return Parts.map((part) => ({
          number: part.PartNumber ?? 0,
          sizeBytes: part.Size ?? 0,
          etag: part.ETag ?? '',
        }));
      }),
    presignPart: (upload, PartNumber, expiresIn) =>
      getSignedUrl(client, new UploadPartCommand({ ...place(upload), PartNumber }), { expiresIn }),
    async complete(upload, parts) {
      const Parts = parts.map(({ number, etag }) => ({ PartNumber: number, ETag: etag }));
      const command = new CompleteMultipartUploadCommand({ ...place(upload), MultipartUpload: { Parts } });
      return (await unlessMissing(() => client.send(command))) !== undefined;
    },
    dropOlderThan: (time) => dropOlderThan(bucket, time),
  };
}

async function dropOlderThan({ client, name: Bucket }: Bucket, time: Date): Promise<number> {
  const Prefix = bucketKeys.bundles;
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix }));
  // The rest of a list of more than a thousand comes an hour later.
  const old = Uploads.filter(({ Initiated }) => Initiated !== undefined && Initiated < time);
  for (const { Key, UploadId } of old) {
    await unlessMissing(() => client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })));
  }
  return old.length;
}

async function unlessMissing<T>(act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
