import type { ConnectorHost } from '../connector.ts';
import { changed, isHidden } from './file-store.ts';
import type { FileStore, StoredFile } from './file-store.ts';
import { callS3, openS3, permanentFault, statusOf } from './s3-client.ts';

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
    const { sdk, client } = await openS3(this.#host);
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
      const attempted = { operation: 'GetObject', subject: `object "${this.#addressOf(file.name)}"` };
      throw permanentFault(error, attempted) ?? error;
    }
    yield* body;
  }

  #page(token: string | undefined): Promise<Page> {
    const attempted = { operation: 'ListObjectsV2', subject: `bucket "${this.#bucket}"` };
    return callS3(this.#host, attempted, async ({ sdk, client }) => {
      const command = new sdk.ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: this.#prefix,
        ContinuationToken: token,
      });
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
    });
  }

  #addressOf(key: string): string {
    return `s3://${this.#bucket}/${key}`;
  }
}

function isFolderOrHidden(name: string): boolean {
  return name.endsWith('/') || isHidden(name);
}
