/** PutObject, CopyObject, DeleteObject and DeleteObjects. */
import { AwsError } from '../service.ts';
import type { Blobs } from './blobs.ts';
import type { Catalog, ObjectRow } from './catalog.ts';
import { checkCopySource, checkWrite } from './conditions.ts';
import { storedHeaders } from './object-headers.ts';
import { receiveBody } from './receive-body.ts';
import type { ReceivedBody } from './receive-body.ts';
import { headerOf } from './s3-request.ts';
import type { S3Request } from './s3-request.ts';
import type { S3Answer } from './s3-response.ts';
import { xmlText, xmlTexts } from './xml.ts';

const deletedKeysMax = 1000;
const deleteBodyBytesMax = 4 * 1024 * 1024;

/** Catalog and blobs together: all that the operations on objects touch. */
export interface Storage {
  readonly catalog: Catalog;
  readonly blobs: Blobs;
  readonly now: () => number;
}

export async function putObject(storage: Storage, request: S3Request): Promise<S3Answer> {
  const { headers, stream } = request.raw;
  const body = await receiveBody(storage.blobs, stream, headers);
  await storeObject(storage, request, body);
  return { headers: { etag: `"${body.etag}"`, ...body.checksums } };
}

/** What is stored of a request, whether it came by HTTP or from the process itself. */
export type StoreRequest = Pick<S3Request, 'bucket' | 'key'> & {
  readonly raw: Pick<S3Request['raw'], 'headers'>;
};

/** Makes a received body the object of its key if the conditions of its request hold. */
export async function storeObject(
  storage: Storage,
  request: StoreRequest,
  body: ReceivedBody,
): Promise<void> {
  try {
    // The bucket may have been deleted while the body came in.
    requireBucket(storage.catalog, request.bucket);
    replaceObject(storage, request, {
      blob: body.blob.id,
      size: body.size,
      etag: body.etag,
      headers: storedHeaders(request.raw.headers),
      checksums: body.checksums,
      commit: () => body.blob.commit(),
    });
  } catch (error) {
    await body.blob.discard();
    throw error;
  }
}

/** What becomes an object, and how its blob becomes visible. */
export interface NewObject extends Pick<ObjectRow, 'blob' | 'size' | 'etag' | 'headers' | 'checksums'> {
  readonly commit: () => void;
}

/** Checks, commits and records in one synchronous step; of many writers under If-None-Match exactly one gets by. */
export function replaceObject(storage: Storage, request: StoreRequest, object: NewObject): void {
  const { catalog, blobs, now } = storage;
  const { bucket, key } = request;
  const existing = catalog.object(bucket, key);
  checkWrite(request.raw.headers, existing);
  object.commit();
  const { blob, size, etag, headers, checksums } = object;
  catalog.putObject({ bucket, key, blob, size, etag, headers, checksums, modifiedAt: now() });
  if (existing !== undefined) blobs.remove(existing.blob);
}

export function copyObject(storage: Storage, request: S3Request): S3Answer {
  const { catalog, blobs, now } = storage;
  const source = copySource(catalog, headerOf(request, 'x-amz-copy-source'));
  checkCopySource(request.raw.headers, source);
  const isReplaced = headerOf(request, 'x-amz-metadata-directive').toUpperCase() === 'REPLACE';
  const headers = isReplaced ? storedHeaders(request.raw.headers) : source.headers;
  checkWrite(request.raw.headers, catalog.object(request.bucket, request.key));
  const { size, etag, checksums } = source;
  const blob = blobs.copy(source.blob);
  replaceObject(storage, request, { blob, size, etag, headers, checksums, commit: () => {} });
  return { xml: { CopyObjectResult: { ETag: `"${etag}"`, LastModified: new Date(now()).toISOString() } } };
}

export function deleteObject(storage: Storage, request: StoreRequest): S3Answer {
  const existing = storage.catalog.object(request.bucket, request.key);
  const { 'if-match': ifMatch } = request.raw.headers;
  if (ifMatch !== undefined) checkWrite({ 'if-match': ifMatch }, existing);
  if (existing !== undefined) {
    storage.catalog.deleteObject(request.bucket, request.key);
    storage.blobs.remove(existing.blob);
  }
  return { status: 204 };
}

export async function deleteObjects(storage: Storage, request: S3Request): Promise<S3Answer> {
  const { catalog, blobs } = storage;
  const document = (await request.raw.body(deleteBodyBytesMax)).toString('utf8');
  const keys = xmlTexts(document, 'Object').map((object) => xmlText(object, 'Key') ?? '');
  if (keys.length === 0 || keys.length > deletedKeysMax) {
    throw new AwsError(
      400,
      'MalformedXML',
      `DeleteObjects takes 1 to ${deletedKeysMax} keys, not ${keys.length}`,
    );
  }
  const gone: string[] = [];
  catalog.atomically(() => {
    for (const key of keys) {
      const existing = catalog.object(request.bucket, key);
      if (existing === undefined) continue;
      catalog.deleteObject(request.bucket, key);
      gone.push(existing.blob);
    }
  });
  for (const blob of gone) blobs.remove(blob);
  const isQuiet = xmlText(document, 'Quiet') === 'true';
  return { xml: { DeleteResult: { Deleted: isQuiet ? [] : keys.map((Key) => ({ Key })) } } };
}

export function requireBucket(catalog: Catalog, name: string): void {
  if (catalog.bucket(name) !== undefined) return;
  throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
}

export function requireObject(catalog: Catalog, bucket: string, key: string): ObjectRow {
  const object = catalog.object(bucket, key);
  if (object !== undefined) return object;
  throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });
}

/** The object that `x-amz-copy-source` names. */
export function copySource(catalog: Catalog, header: string): ObjectRow {
  const path = decodeURIComponent(header.split('?', 1)[0] ?? '').replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 1) throw new AwsError(400, 'InvalidArgument', `Invalid copy source "${header}"`);
  const bucket = path.slice(0, slash);
  requireBucket(catalog, bucket);
  return requireObject(catalog, bucket, path.slice(slash + 1));
}
