import { setTimeout as delay } from 'node:timers/promises';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import { FencedError } from '../host.ts';
import type { CheckpointStorage, StoredObject, WriteCondition } from '../host.ts';
import type * as S3Sdk from './s3-sdk.ts';

// S3's limit for one call.
const DELETE_MAX = 1000;
// Two conditional writes met; S3 asks for the request to be sent again.
const CONFLICT = 409;
const CONFLICT_ATTEMPTS = 5;
// The SDK repeats a request that fails, but not one whose answer breaks off in its body.
const BODY_ATTEMPTS = 5;
const BODY_DELAY_MS = 100;
// A request that nobody answers is given up and repeated; the SDK's own defaults wait for ever.
const TIMEOUTS = {
  connectionTimeout: 5000,
  requestTimeout: 30_000,
  throwOnRequestTimeout: true,
  socketTimeout: 30_000,
};

/** Opens the bucket of the checkpoints. The SDK is loaded here, so that a refused worker never loads it. */
export async function openS3Storage(
  bucket: string,
  endpoint: string | undefined,
): Promise<CheckpointStorage> {
  const sdk = await import('./s3-sdk.ts');
  // A host name per bucket does not resolve where the endpoint is an address.
  const settings = endpoint === undefined ? {} : { endpoint, forcePathStyle: true };
  return new S3Storage(sdk, new sdk.S3Client({ ...settings, requestHandler: TIMEOUTS }), bucket);
}

class S3Storage implements CheckpointStorage {
  readonly #sdk: typeof S3Sdk;
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(sdk: typeof S3Sdk, client: S3Client, bucket: string) {
    this.#sdk = sdk;
    this.#client = client;
    this.#bucket = bucket;
  }

  async put(
    key: string,
    bytes: Uint8Array,
    condition: WriteCondition = {},
  ): Promise<{ readonly etag: string }> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#put(key, bytes, condition);
      } catch (error) {
        const status = statusOf(error);
        if (status === CONFLICT && attempt < CONFLICT_ATTEMPTS) {
          continue;
        }
        if (status !== 412 && !(status === 404 && condition.ifMatch !== undefined)) {
          throw error;
        }
        return this.#writtenAlready(key, bytes, error);
      }
    }
  }

  async get(key: string): Promise<StoredObject | undefined> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#request(key);
      if (answer === undefined) {
        return undefined;
      }
      try {
        return { bytes: await bodyOf(answer), etag: answer.ETag ?? '' };
      } catch (cause) {
        if (attempt === BODY_ATTEMPTS) {
          const message = `Cannot read "${key}" of bucket "${this.#bucket}": ${BODY_ATTEMPTS} answers in a row broke off`;
          throw new Error(message, { cause });
        }
        await delay(BODY_DELAY_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  }

  async *list(prefix: string): AsyncIterable<string> {
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new this.#sdk.ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix,
          ContinuationToken: token,
        }),
      );
      yield* (page.Contents ?? []).map((object) => object.Key ?? '');
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async copy(from: string, to: string): Promise<void> {
    const source = `${this.#bucket}/${from}`.split('/').map(encodeURIComponent).join('/');
    await this.#client.send(
      new this.#sdk.CopyObjectCommand({ Bucket: this.#bucket, Key: to, CopySource: source }),
    );
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += DELETE_MAX) {
      const objects = keys.slice(from, from + DELETE_MAX).map((key) => ({ Key: key }));
      const { Errors: errors = [] } = await this.#client.send(
        new this.#sdk.DeleteObjectsCommand({
          Bucket: this.#bucket,
          Delete: { Objects: objects, Quiet: true },
        }),
      );
      const [first] = errors;
      if (first !== undefined) {
        throw new Error(
          `Cannot delete ${errors.length} of ${objects.length} objects in bucket "${this.#bucket}": "${first.Key}": ${first.Message}`,
        );
      }
    }
  }

  async #request(key: string): Promise<GetObjectCommandOutput | undefined> {
    try {
      return await this.#client.send(new this.#sdk.GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    } catch (error) {
      if (statusOf(error) === 404) {
        return undefined;
      }
      throw error;
    }
  }

  async #put(key: string, bytes: Uint8Array, condition: WriteCondition): Promise<{ readonly etag: string }> {
    const { ETag } = await this.#client.send(
      new this.#sdk.PutObjectCommand({
        Bucket: this.#bucket,
        Key: key,
        Body: bytes,
        IfMatch: condition.ifMatch,
        IfNoneMatch: condition.ifNoneMatch,
      }),
    );
    return { etag: ETag ?? '' };
  }

  /**
   * A refused condition, unless the object is what was to be written: then an earlier try of this very request,
   * whose answer was lost, had succeeded, and nobody else is at work.
   */
  async #writtenAlready(key: string, bytes: Uint8Array, cause: unknown): Promise<{ readonly etag: string }> {
    const present = await this.get(key);
    if (present !== undefined && Buffer.compare(present.bytes, bytes) === 0) {
      return { etag: present.etag };
    }
    const message = `Cannot write "${key}" of bucket "${this.#bucket}": somebody else has written it since it was read`;
    throw new FencedError(message, { cause });
  }
}

async function bodyOf({ Body, ContentLength }: GetObjectCommandOutput): Promise<Uint8Array> {
  const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
  if (ContentLength !== undefined && bytes.length !== ContentLength) {
    throw new Error(`The answer has ${bytes.length} bytes of ${ContentLength}`);
  }
  return bytes;
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) {
    return undefined;
  }
  const metadata: unknown = error.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
    ? Number(metadata.httpStatusCode)
    : undefined;
}
