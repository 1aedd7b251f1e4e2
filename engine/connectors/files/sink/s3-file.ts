import type { ConnectorHost } from '../../connector.ts';
import { S3Calls, type S3 } from '../s3-client.ts';
import type { OpenFile, PinnedFile } from './file-target.ts';

/** S3 allows no smaller part but the last. */
const PART_BYTES = 5 * 1024 * 1024;
/** What is left at the end goes into the snapshot up to this size: one request in place of three. */
const INLINE_BYTES = 1024 * 1024;

/** A part that S3 has. */
export interface UploadedPart {
  readonly number: number;
  readonly etag: string;
}

/** A file of which some parts are uploaded and the rest is here. */
export interface S3PinnedFile extends PinnedFile {
  readonly bucket: string;
  readonly key: string;
  /** Absent where no part was uploaded. */
  readonly uploadId?: string | undefined;
  readonly parts: readonly UploadedPart[];
  /** What stands behind the parts. */
  readonly tail: Uint8Array;
}

type Identity = Pick<S3PinnedFile, 'version' | 'location' | 'owner' | 'name' | 'bucket' | 'key'>;

/** A file that becomes one object: its parts are uploaded as they fill up. */
export class S3File implements OpenFile {
  readonly #identity: Identity;
  readonly #calls: S3Calls;
  readonly #parts: UploadedPart[] = [];
  #uploadId: string | undefined;
  #tail: Uint8Array[] = [];
  #tailBytes = 0;
  #sizeBytes = 0;

  constructor(identity: Identity, host: ConnectorHost) {
    this.#identity = identity;
    this.#calls = new S3Calls(host);
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#tail.push(bytes);
    this.#tailBytes += bytes.length;
    this.#sizeBytes += bytes.length;
    if (this.#tailBytes >= PART_BYTES) await this.#uploadTail();
  }

  pin(): Promise<PinnedFile> {
    return Promise.resolve(this.#pinned(false));
  }

  async finish(): Promise<PinnedFile> {
    if (this.#tailBytes > INLINE_BYTES) await this.#uploadTail();
    return this.#pinned(true);
  }

  close(): Promise<void> {
    this.#calls.close();
    return Promise.resolve();
  }

  #pinned(finished: boolean): S3PinnedFile {
    return {
      ...this.#identity,
      sizeBytes: this.#sizeBytes,
      finished,
      uploadId: this.#uploadId,
      parts: [...this.#parts],
      tail: Buffer.concat(this.#tail),
    };
  }

  async #uploadTail(): Promise<void> {
    const body = Buffer.concat(this.#tail);
    const number = this.#parts.length + 1;
    const upload = await this.#upload();
    const etag = await this.#call('UploadPart', async ({ sdk, client }) => {
      const part = { ...upload, PartNumber: number, Body: body };
      const { ETag = '' } = await client.send(new sdk.UploadPartCommand(part));
      return ETag;
    });
    this.#parts.push({ number, etag });
    this.#tail = [];
    this.#tailBytes = 0;
  }

  async #upload(): Promise<{ readonly Bucket: string; readonly Key: string; readonly UploadId: string }> {
    const { bucket, key } = this.#identity;
    const object = { Bucket: bucket, Key: key };
    this.#uploadId ??= await this.#call('CreateMultipartUpload', async ({ sdk, client }) => {
      const { UploadId = '' } = await client.send(new sdk.CreateMultipartUploadCommand(object));
      return UploadId;
    });
    return { ...object, UploadId: this.#uploadId };
  }

  #call<R>(operation: string, call: (s3: S3) => Promise<R>): Promise<R> {
    const { bucket, key } = this.#identity;
    return this.#calls.call({ operation, subject: `object "s3://${bucket}/${key}"` }, call);
  }
}
