/** The platform's bucket in memory: the commands that functions/stores sends, with S3's conditional writes. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** An object with what S3 tells of it. */
export interface StoredObject {
  readonly text: string;
  readonly etag: string;
  readonly writtenAt: Date;
}

export class MemoryBucket {
  readonly #objects = new Map<string, StoredObject>();
  readonly #now: () => Date;
  #writes = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  copy(now: () => Date): MemoryBucket {
    const copy = new MemoryBucket(now);
    for (const [key, object] of this.#objects) copy.#objects.set(key, object);
    copy.#writes = this.#writes;
    return copy;
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key);
  }

  put(key: string, text: string): string {
    this.#writes += 1;
    const etag = `"${this.#writes}"`;
    this.#objects.set(key, { text, etag, writtenAt: this.#now() });
    return etag;
  }

  keys(prefix: string): string[] {
    return [...this.#objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  }

  /** Carries out one command of the S3 client. */
  send(command: unknown): Record<string, unknown> {
    if (command instanceof GetObjectCommand) return this.#read(command.input.Key ?? '', 'body');
    if (command instanceof HeadObjectCommand) return this.#read(command.input.Key ?? '', 'head');
    if (command instanceof PutObjectCommand) return this.#write(command.input);
    if (command instanceof ListObjectsV2Command) return this.#list(command.input);
    if (command instanceof DeleteObjectsCommand) {
      for (const { Key } of command.input.Delete?.Objects ?? []) this.#objects.delete(Key ?? '');
      return {};
    }
    throw new Error(`The bucket in memory does not know ${(command as object).constructor.name}; teach it`);
  }

  #read(key: string, what: 'body' | 'head'): Record<string, unknown> {
    const found = this.#objects.get(key);
    const missing = { message: `no ${key}`, $metadata: { httpStatusCode: 404 } };
    if (found === undefined) throw what === 'body' ? new NoSuchKey(missing) : new NotFound(missing);
    const { text, etag, writtenAt } = found;
    return {
      ETag: etag,
      LastModified: writtenAt,
      ContentLength: text.length,
      Body: {
        transformToString: () => Promise.resolve(text),
        transformToByteArray: () => Promise.resolve(new TextEncoder().encode(text)),
      },
    };
  }

  #write({ Key = '', Body, IfMatch, IfNoneMatch }: PutObjectCommand['input']): Record<string, unknown> {
    const found = this.#objects.get(Key);
    const isRefused =
      (IfMatch !== undefined && found?.etag !== IfMatch) || (IfNoneMatch === '*' && found !== undefined);
    if (isRefused) throw refusedWrite();
    const text = typeof Body === 'string' ? Body : new TextDecoder().decode(Body as Uint8Array);
    return { ETag: this.put(Key, text) };
  }

  #list({ Prefix = '', MaxKeys = 1000 }: ListObjectsV2Command['input']): Record<string, unknown> {
    const found = this.keys(Prefix).slice(0, MaxKeys);
    return {
      Contents: found.map((Key) => {
        const object = this.#objects.get(Key);
        return { Key, Size: object?.text.length ?? 0, LastModified: object?.writtenAt };
      }),
    };
  }
}

/** What S3 answers to a conditional write whose object has changed. */
export function refusedWrite(): S3ServiceException {
  return new S3ServiceException({
    name: 'PreconditionFailed',
    $fault: 'client',
    message: 'At least one of the preconditions did not hold',
    $metadata: { httpStatusCode: 412 },
  });
}
