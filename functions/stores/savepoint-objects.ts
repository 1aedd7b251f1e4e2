/** Objects of savepoints in the bucket: read by the engine's own code, and moved by addresses that hold for a while. */
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { FencedError } from '#engine/index.ts';
import type { CheckpointStorage } from '#engine/index.ts';
import { deleteObjects, isMissing, isRefused } from './bucket.ts';
import type { Bucket } from './bucket.ts';
import { objectsUnder } from './objects-under.ts';

/** Presigned addresses are secrets: they go to who asked and into no log. */
export interface SavepointObjectStore {
  /** The bucket as the engine knows storage. */
  readonly storage: CheckpointStorage;
  presignDownload(key: string, expiresInSeconds: number): Promise<string>;
  presignUpload(key: string, expiresInSeconds: number): Promise<string>;
  /** Bytes of every object below a folder, by key. */
  sizes(folder: string): Promise<ReadonlyMap<string, number>>;
  /** When every object whose key begins with `prefix` was written. */
  writes(prefix: string): AsyncIterable<{ readonly key: string; readonly writtenAtMs: number }>;
}

export function savepointObjectStore(bucket: Bucket): SavepointObjectStore {
  const place = (Key: string) => ({ Bucket: bucket.name, Key });
  return {
    storage: storageOf(bucket),
    presignDownload: (key, expiresIn) =>
      getSignedUrl(bucket.client, new GetObjectCommand(place(key)), { expiresIn }),
    presignUpload: (key, expiresIn) =>
      getSignedUrl(bucket.client, new PutObjectCommand(place(key)), { expiresIn }),
    async sizes(folder) {
      const sizes = new Map<string, number>();
      for await (const { key, bytes } of listed(bucket, `${folder}/`)) sizes.set(key, bytes);
      return sizes;
    },
    async *writes(prefix) {
      for await (const { key, writtenAt } of listed(bucket, prefix))
        // Of an object without a time nobody can say that it is old.
        yield { key, writtenAtMs: writtenAt?.getTime() ?? Infinity };
    },
  };
}

function storageOf(bucket: Bucket): CheckpointStorage {
  return {
    async put(key, bytes, { ifMatch, ifNoneMatch } = {}) {
      try {
        const answer = await bucket.client.send(
          new PutObjectCommand({
            Bucket: bucket.name,
            Key: key,
            Body: bytes,
            ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
            ...(ifNoneMatch === undefined ? {} : { IfNoneMatch: ifNoneMatch }),
          }),
        );
        return { etag: answer.ETag ?? '' };
      } catch (cause) {
        if (!isRefused(cause)) throw cause;
        throw new FencedError(`Cannot write "${key}": it was written by somebody else`, { cause });
      }
    },
    async get(key) {
      try {
        const answer = await bucket.client.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
        const bytes = (await answer.Body?.transformToByteArray()) ?? new Uint8Array();
        return { bytes, etag: answer.ETag ?? '' };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async *list(prefix) {
      for await (const { key } of listed(bucket, prefix)) yield key;
    },
    delete: (keys) => deleteObjects(bucket, keys),
  };
}

interface Listed {
  readonly key: string;
  readonly bytes: number;
  readonly writtenAt: Date | undefined;
}

async function* listed(bucket: Bucket, prefix: string): AsyncGenerator<Listed, void, void> {
  for (const { Key, Size, LastModified } of await objectsUnder(bucket, prefix))
    yield { key: Key ?? '', bytes: Size ?? 0, writtenAt: LastModified };
}
