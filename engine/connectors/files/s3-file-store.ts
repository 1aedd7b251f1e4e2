import { sharedClient } from '../aws/client-settings.ts';
import { awaitRetry } from '../aws/retry.ts';
import { errorMessage, errorName } from '../aws/service-error.ts';
import type { ConnectorHost } from '../connector.ts';
import { FileFault, changed, isHidden } from './file-store.ts';
import type { FileStore, StoredFile } from './file-store.ts';
import type * as S3Sdk from './s3-sdk.ts';

interface S3 {
  readonly sdk: typeof S3Sdk;
  readonly client: S3Sdk.S3Client;
}

interface Page {
  readonly files: readonly StoredFile[];
  readonly next: string | undefined;
}

/** Objects of a bucket whose keys begin with a prefix. */
export class S3FileStore implements FileStore {
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #host: ConnectorHost;

  constructor(bucket: string, prefix: string, host: ConnectorHost) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#host = host;
  }

  async list(): Promise<readonly StoredFile[]> {
    const files: StoredFile[] = [];
    let token: string | undefined;
    do {
      const { files: some, next }: Page = await this.#page(token);
      files.push(...some);
      token = next;
    } while (token !== undefined);
    return files;
  }

  async *read(file: StoredFile, from: number, to: number): AsyncIterable<Uint8Array> {
    const { sdk, client } = await this.#open();
    const command = new sdk.GetObjectCommand({
      Bucket: this.#bucket,
      Key: file.name,
      IfMatch: file.version,
      Range: `bytes=${from}-${to - 1}`,
    });
    let body: AsyncIterable<Uint8Array>;
    try {
      // In Node the SDK's body is a readable stream of buffers.
      body = (await client.send(command)).Body as unknown as AsyncIterable<Uint8Array>;
    } catch (error) {
      if (statusOf(error) === 412) throw changed(this.#addressOf(file.name), error);
      throw this.#permanent(error, 'GetObject', `object "${this.#addressOf(file.name)}"`) ?? error;
    }
    yield* body;
  }

  async #page(token: string | undefined): Promise<Page> {
    const { sdk, client } = await this.#open();
    const command = new sdk.ListObjectsV2Command({
      Bucket: this.#bucket,
      Prefix: this.#prefix,
      ContinuationToken: token,
    });
    const attempted = { operation: 'ListObjectsV2', subject: `bucket "${this.#bucket}"` };
    for (let attempt = 0; ; attempt++) {
      try {
        const { Contents = [], NextContinuationToken } = await client.send(command);
        const files = Contents.map(({ Key = '', Size = 0, ETag = '' }) => ({
          name: Key,
          sizeBytes: Size,
          version: ETag,
        }));
        return {
          files: files.filter(({ name }) => !isFolderOrHidden(name.slice(this.#prefix.length))),
          next: NextContinuationToken,
        };
      } catch (error) {
        const permanent = this.#permanent(error, attempted.operation, attempted.subject);
        if (permanent !== undefined) throw permanent;
        await awaitRetry(this.#host, error, attempt, attempted);
      }
    }
  }

  /** What the request itself is to blame for; all but throttling, timeouts and skewed clocks among the 4xx. */
  #permanent(error: unknown, operation: string, subject: string): FileFault | undefined {
    const status = statusOf(error);
    const passes = status === undefined || status >= 500 || status === 408 || status === 429;
    if (passes || PASSING.has(errorName(error))) return undefined;
    return new FileFault(
      `Cannot call ${operation} on ${subject}: ${errorName(error)}: ${errorMessage(error)}`,
      {
        cause: error,
      },
    );
  }

  #addressOf(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }

  #open(): Promise<S3> {
    return sharedClient(this.#host, 'S3', async (settings) => {
      const sdk = await import('./s3-sdk.ts');
      // A host name per bucket does not resolve where the endpoint is an address.
      const forcePathStyle = settings.endpoint !== undefined;
      return { sdk, client: new sdk.S3Client({ ...settings, forcePathStyle }) };
    });
  }
}

/** 4xx that heal by themselves: credentials are renewed, clocks are set. */
const PASSING = new Set(['ExpiredToken', 'RequestTimeout', 'RequestTimeTooSkewed', 'SlowDown']);

function isFolderOrHidden(name: string): boolean {
  return name.endsWith('/') || isHidden(name);
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata: unknown = error.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
    ? Number(metadata.httpStatusCode)
    : undefined;
}
