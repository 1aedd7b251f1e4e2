import type { ConnectorHost } from '../../connector.ts';
import { errorName } from '../../aws/service-error.ts';
import { S3Calls, statusOf, type S3 } from '../s3-client.ts';
import { FileFault } from '../file-store.ts';
import type { FileTarget, Leftover, OpenFile, PinnedFile } from './file-target.ts';
import { shorter } from './published.ts';
import { S3File, type S3PinnedFile } from './s3-file.ts';

/** S3's highest number of a part; no file that is being written comes to it. */
const LAST_PART = 10_000;
/** Stands beside a file that a savepoint knows of; names that begin so are passed over by readers. */
const KEPT_FOLDER = '_kept/';

/** Where in S3 the files of one sink go. */
export interface S3Place {
  readonly bucket: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Objects of a bucket, made by multipart uploads, which nobody sees until they are complete. */
export class S3Target implements FileTarget {
  readonly #place: S3Place;
  readonly #identity: Pick<PinnedFile, 'location' | 'owner'>;
  readonly #host: ConnectorHost;
  readonly #calls: S3Calls;

  constructor(place: S3Place, identity: Pick<PinnedFile, 'location' | 'owner'>, host: ConnectorHost) {
    this.#place = place;
    this.#identity = identity;
    this.#host = host;
    this.#calls = new S3Calls(host);
  }

  open(name: string): OpenFile {
    const { bucket, prefix } = this.#place;
    return new S3File({ version: 1, ...this.#identity, name, bucket, key: prefix + name }, this.#host);
  }

  async publish(file: PinnedFile): Promise<void> {
    // Only files of this target come here; it made them.
    const pinned = file as S3PinnedFile;
    const done = pinned.uploadId === undefined ? await this.#put(pinned) : await this.#complete(pinned);
    if (!done) await this.#check(pinned);
    if (pinned.uploadId !== undefined) await this.#release(pinned);
  }

  async leftovers(): Promise<readonly Leftover[]> {
    const { bucket, prefix } = this.#place;
    const leftovers: Leftover[] = [];
    let next: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
    while (next !== undefined) {
      const page: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = next;
      const attempted = { operation: 'ListMultipartUploads', subject: `bucket "${bucket}"` };
      const answer = await this.#calls.call(attempted, ({ sdk, client }) =>
        client.send(new sdk.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...page })),
      );
      for (const { Key = '', UploadId = '' } of answer.Uploads ?? []) {
        const name = Key.slice(prefix.length);
        if (!(await this.#isKept(name)))
          leftovers.push({ name, discard: () => this.#abort({ bucket, key: Key, uploadId: UploadId }) });
      }
      next =
        answer.IsTruncated === true
          ? { KeyMarker: answer.NextKeyMarker, UploadIdMarker: answer.NextUploadIdMarker }
          : undefined;
    }
    return leftovers;
  }

  close(): void {
    this.#calls.close();
  }

  /** True when the object is there now by our doing; false when there was one. */
  #put({ bucket, key, tail }: S3PinnedFile): Promise<boolean> {
    return this.#once(key, 'PutObject', async ({ sdk, client }) => {
      await client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: key, Body: tail, IfNoneMatch: '*' }));
    });
  }

  async #complete({ bucket, key, uploadId, parts, tail }: S3PinnedFile): Promise<boolean> {
    const all = [...parts];
    if (tail.length > 0) {
      const etag = await this.#putLastPart({ bucket, key, uploadId }, tail);
      if (etag === undefined) return false;
      all.push({ number: LAST_PART, etag });
    }
    return this.#once(key, 'CompleteMultipartUpload', async ({ sdk, client }) => {
      await client.send(
        new sdk.CompleteMultipartUploadCommand({
          Bucket: bucket,
          Key: key,
          UploadId: uploadId,
          MultipartUpload: { Parts: all.map(({ number, etag }) => ({ PartNumber: number, ETag: etag })) },
          IfNoneMatch: '*',
        }),
      );
    });
  }

  /** Its number is beyond those of whoever may still write to the upload. Undefined when there is no upload any more. */
  #putLastPart(
    { bucket, key, uploadId }: Pick<S3PinnedFile, 'bucket' | 'key' | 'uploadId'>,
    tail: Uint8Array,
  ): Promise<string | undefined> {
    return this.#unless(isGone, key, 'UploadPart', async ({ sdk, client }) => {
      const { ETag = '' } = await client.send(
        new sdk.UploadPartCommand({
          Bucket: bucket,
          Key: key,
          UploadId: uploadId,
          PartNumber: LAST_PART,
          Body: tail,
        }),
      );
      return ETag;
    });
  }

  /** The file is visible already, or will never be. */
  async #check({ bucket, key, sizeBytes, uploadId }: S3PinnedFile): Promise<void> {
    const address = `s3://${bucket}/${key}`;
    const present = await this.#unless(isMissing, key, 'HeadObject', async ({ sdk, client }) => {
      const { ContentLength = 0 } = await client.send(
        new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }),
      );
      return ContentLength;
    });
    if (present === undefined)
      throw new FileFault(
        `Cannot publish file "${address}": its multipart upload is gone, aborted by hand or by a lifecycle rule; to go on without it, give the sink another name and allow non-restored state`,
      );
    if (present < sizeBytes) throw shorter(address, present, sizeBytes);
    if (uploadId !== undefined) await this.#abort({ bucket, key, uploadId });
  }

  async #abort({ bucket, key, uploadId }: Pick<S3PinnedFile, 'bucket' | 'key' | 'uploadId'>): Promise<void> {
    await this.#unless(isGone, key, 'AbortMultipartUpload', async ({ sdk, client }) => {
      await client.send(
        new sdk.AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }),
      );
    });
  }

  async keep(file: PinnedFile): Promise<void> {
    // What is in the snapshot whole cannot be left over. Only files of this target come here.
    const { bucket, key, name, uploadId } = file as S3PinnedFile;
    if (uploadId === undefined) return;
    const prefix = key.slice(0, key.length - name.length);
    await this.#unless(never, name, 'PutObject', async ({ sdk, client }) => {
      const marker = { Bucket: bucket, Key: prefix + KEPT_FOLDER + name };
      await client.send(new sdk.PutObjectCommand({ ...marker, Body: new Uint8Array() }));
    });
  }

  async #isKept(name: string): Promise<boolean> {
    const { bucket, prefix } = this.#place;
    const found = await this.#unless(isMissing, name, 'HeadObject', async ({ sdk, client }) => {
      await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: prefix + KEPT_FOLDER + name }));
      return true;
    });
    return found === true;
  }

  async #release({ bucket, key, name }: S3PinnedFile): Promise<void> {
    const prefix = key.slice(0, key.length - name.length);
    await this.#unless(isMissing, name, 'DeleteObject', async ({ sdk, client }) => {
      await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: prefix + KEPT_FOLDER + name }));
    });
  }

  /** True when the call was done; false when it has been done before, by us or by another. */
  async #once(key: string, operation: string, call: (s3: S3) => Promise<void>): Promise<boolean> {
    const done = await this.#unless(isDone, key, operation, async (s3) => {
      await call(s3);
      return true;
    });
    return done === true;
  }

  /** Undefined when the service answers with an error that says all there is to know. */
  async #unless<R>(
    known: (error: unknown) => boolean,
    key: string,
    operation: string,
    call: (s3: S3) => Promise<R>,
  ): Promise<R | undefined> {
    const told = new Error('told');
    const attempted = { operation, subject: `object "${key}"` };
    try {
      return await this.#calls.call(attempted, call, (error) => (known(error) ? told : undefined));
    } catch (error) {
      if (error === told) return undefined;
      throw error;
    }
  }
}

const never = (): boolean => false;

function isGone(error: unknown): boolean {
  return errorName(error) === 'NoSuchUpload';
}

function isMissing(error: unknown): boolean {
  return statusOf(error) === 404;
}

function isDone(error: unknown): boolean {
  return isGone(error) || statusOf(error) === 412;
}
