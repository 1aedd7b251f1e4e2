/** The local S3: metadata in SQLite, bytes in files, path-style addresses. */
import { readFileSync, closeSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { AwsError, closeIfUnread } from '../service.ts';
import type { Service, ServiceRequest } from '../service.ts';
import { Blobs } from './blobs.ts';
import { createBucket, deleteBucket, ignoredBucketSettings, listBuckets } from './bucket-operations.ts';
import { Catalog } from './catalog.ts';
import type { Headers } from './catalog.ts';
import { list, listObjects } from './list-objects.ts';
import {
  abortUpload,
  completeUpload,
  createUpload,
  listParts,
  listUploads,
  uploadPart,
} from './multipart.ts';
import { readObject } from './read-object.ts';
import { receiveBody } from './receive-body.ts';
import { parseS3Request, refuseExpired } from './s3-request.ts';
import type { S3Request } from './s3-request.ts';
import { sendAnswer, sendS3Error } from './s3-response.ts';
import type { S3Answer } from './s3-response.ts';
import {
  copyObject,
  deleteObject,
  deleteObjects,
  putObject,
  requireBucket,
  requireObject,
  storeObject,
} from './write-object.ts';
import type { Storage } from './write-object.ts';

const keysPerPage = 1000;

/** Options of `openS3`. */
export interface S3Options {
  readonly directory: string;
  /** Region that GetBucketLocation names; default eu-west-1. */
  readonly region?: string;
  /** Current time in milliseconds, for dates and for presigned addresses. */
  readonly clock?: () => number;
}

/** An object with its bytes, for callers in the process. */
export interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly headers: Headers;
  readonly modifiedAt: number;
}

/** The S3 service, with direct methods for callers in the process. */
export interface S3 extends Service {
  /** Creates the bucket unless it exists. */
  createBucket(name: string): void;
  /** Stores an object; headers are those of a PUT, such as `content-type`. */
  putObject(bucket: string, key: string, body: Buffer | string, headers?: Headers): Promise<void>;
  /** Reads a whole object; undefined when it is not there. */
  getObject(bucket: string, key: string): StoredObject | undefined;
  deleteObject(bucket: string, key: string): void;
  /** All keys that begin with the prefix, in order. */
  listKeys(bucket: string, prefix: string): string[];
}

/** Opens the store in `directory`, which it creates when missing. It takes every request that no other service claims. */
export async function openS3(options: S3Options): Promise<S3> {
  const now = options.clock ?? Date.now;
  const blobs = new Blobs(options.directory);
  const catalog = new Catalog(options.directory);
  const storage: Storage = { catalog, blobs, now };
  let isClosing = false;
  // In the background: it looks at every file, and nothing waits for the space that orphans take.
  const sweep = blobs.sweepOrphans(
    (id) => isClosing || catalog.isBlobNamed(id),
    () => isClosing,
  );
  // What a failed sweep leaves costs space only; the next start tries again.
  sweep.catch(() => {});
  return {
    ...inProcess(storage),
    targets: [],
    handle: (request, response) => handle(storage, options.region ?? 'eu-west-1', request, response),
    async close() {
      isClosing = true;
      await sweep.catch(() => {});
      catalog.close();
    },
  };
}

function inProcess(
  storage: Storage,
): Pick<S3, 'createBucket' | 'putObject' | 'getObject' | 'deleteObject' | 'listKeys'> {
  const { catalog, blobs, now } = storage;
  return {
    createBucket(name) {
      if (catalog.bucket(name) === undefined) createBucket(catalog, name, now());
    },
    async putObject(bucket, key, body, headers = {}) {
      requireBucket(catalog, bucket);
      const received = await receiveBody(blobs, Readable.from([Buffer.from(body)]), headers);
      await storeObject(storage, { bucket, key, raw: { headers } }, received);
    },
    getObject(bucket, key) {
      requireBucket(catalog, bucket);
      const object = catalog.object(bucket, key);
      if (object === undefined) return undefined;
      const { etag, headers, modifiedAt } = object;
      const { fd } = blobs.open(object.blob, object.size);
      try {
        return { body: readFileSync(fd), etag, headers, modifiedAt };
      } finally {
        closeSync(fd);
      }
    },
    deleteObject: (bucket, key) => void deleteObject(storage, { bucket, key, raw: { headers: {} } }),
    listKeys: (bucket, prefix) => Array.from(allKeys(catalog, bucket, prefix)),
  };
}

function* allKeys(catalog: Catalog, bucket: string, prefix: string): Generator<string> {
  requireBucket(catalog, bucket);
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = list(catalog, { bucket, prefix, delimiter: '', after, limit: keysPerPage });
    for (const object of page.objects) yield object.key;
    after = page.next;
  }
}

async function handle(
  storage: Storage,
  region: string,
  raw: ServiceRequest,
  response: ServerResponse,
): Promise<void> {
  try {
    const request = parseS3Request(raw);
    refuseExpired(request, storage.now());
    const answer = await answerTo(storage, region, request, response);
    if (answer !== undefined) sendAnswer(response, answer);
  } catch (error) {
    if (!(error instanceof AwsError) || response.headersSent) throw error;
    closeIfUnread(raw, response);
    sendS3Error(response, error, raw.method);
  }
}

/** Undefined when the operation has answered by itself. */
async function answerTo(
  storage: Storage,
  region: string,
  request: S3Request,
  response: ServerResponse,
): Promise<S3Answer | undefined> {
  if (request.bucket === '') {
    if (request.method === 'GET') return listBuckets(storage.catalog);
    throw methodNotAllowed(request);
  }
  if (request.key === '') return bucketAnswer(storage, region, request);
  requireBucket(storage.catalog, request.bucket);
  if (request.parameters.has('uploads') || request.parameters.has('uploadId')) {
    return uploadAnswer(storage, request);
  }
  return objectAnswer(storage, request, response);
}

async function bucketAnswer(storage: Storage, region: string, request: S3Request): Promise<S3Answer> {
  const { catalog } = storage;
  const { method, parameters, bucket } = request;
  const isSetting = ignoredBucketSettings.some((name) => parameters.has(name));
  if (method === 'PUT') {
    await request.raw.body();
    if (!isSetting) return createBucket(catalog, bucket, storage.now());
  }
  requireBucket(catalog, bucket);
  if (isSetting) return settingAnswer(request);
  if (method === 'HEAD') return { headers: { 'x-amz-bucket-region': region } };
  if (method === 'DELETE') return deleteBucket(catalog, bucket);
  if (method === 'POST' && parameters.has('delete')) return deleteObjects(storage, request);
  if (method !== 'GET') throw methodNotAllowed(request);
  if (parameters.has('location')) return { xml: { LocationConstraint: region } };
  if (parameters.has('uploads')) return listUploads(storage, request);
  return listObjects(catalog, request);
}

/** Settings are accepted and have no effect, so none can be read back but the ones that are off by default. */
function settingAnswer(request: S3Request): S3Answer {
  if (request.method === 'PUT') return {};
  if (request.method === 'DELETE') return { status: 204 };
  if (request.parameters.has('versioning')) return { xml: { VersioningConfiguration: '' } };
  throw new AwsError(501, 'NotImplemented', `The local S3 keeps no bucket settings (${request.raw.query})`);
}

function uploadAnswer(storage: Storage, request: S3Request): Promise<S3Answer> | S3Answer {
  const { method, parameters } = request;
  if (method === 'POST' && parameters.has('uploads')) return createUpload(storage, request);
  if (!parameters.has('uploadId')) throw methodNotAllowed(request);
  if (method === 'PUT') return uploadPart(storage, request);
  if (method === 'POST') return completeUpload(storage, request);
  if (method === 'DELETE') return abortUpload(storage, request);
  if (method === 'GET') return listParts(storage, request);
  throw methodNotAllowed(request);
}

async function objectAnswer(
  storage: Storage,
  request: S3Request,
  response: ServerResponse,
): Promise<S3Answer | undefined> {
  refuseSubresources(request);
  switch (request.method) {
    case 'GET':
    case 'HEAD': {
      const object = requireObject(storage.catalog, request.bucket, request.key);
      await readObject(storage.blobs, object, request, response);
      return undefined;
    }
    case 'PUT':
      if (request.raw.headers['x-amz-copy-source'] !== undefined) return copyObject(storage, request);
      return putObject(storage, request);
    case 'DELETE':
      return deleteObject(storage, request);
    default:
      throw methodNotAllowed(request);
  }
}

/** A GET of `?acl` that answered with the object itself would be worse than none. */
function refuseSubresources(request: S3Request): void {
  const found = [
    'acl',
    'attributes',
    'legal-hold',
    'restore',
    'retention',
    'select',
    'tagging',
    'torrent',
  ].find((name) => request.parameters.has(name));
  if (found === undefined) return;
  throw new AwsError(501, 'NotImplemented', `The local S3 has no "${found}" of objects`);
}

function methodNotAllowed(request: S3Request): AwsError {
  const message = 'The specified method is not allowed against this resource.';
  return new AwsError(405, 'MethodNotAllowed', message, { Method: request.method });
}
