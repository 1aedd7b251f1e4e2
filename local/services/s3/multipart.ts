/** Multipart uploads: begun, filled part by part, and made an object, or dropped. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { AwsError } from '../service.ts';
import type { NewBlob } from './blobs.ts';
import type { PartRow, UploadRow } from './catalog.ts';
import { checkCopySource, checkWrite } from './conditions.ts';
import { storedHeaders } from './object-headers.ts';
import { rangeOf } from './read-object.ts';
import { receiveBody } from './receive-body.ts';
import { headerOf } from './s3-request.ts';
import type { S3Request } from './s3-request.ts';
import type { S3Answer } from './s3-response.ts';
import { copySource, replaceObject } from './write-object.ts';
import type { Storage } from './write-object.ts';
import { xmlText, xmlTexts } from './xml.ts';

const partNumberMax = 10_000;
const partBytesMin = 5 * 1024 * 1024;
const completeBodyBytesMax = 4 * 1024 * 1024;

export function createUpload({ catalog, now }: Storage, request: S3Request): S3Answer {
  const { bucket, key } = request;
  const id = randomBytes(24).toString('base64url');
  catalog.insertUpload({ id, bucket, key, headers: storedHeaders(request.raw.headers), createdAt: now() });
  return { xml: { InitiateMultipartUploadResult: { Bucket: bucket, Key: key, UploadId: id } } };
}

export async function uploadPart(storage: Storage, request: S3Request): Promise<S3Answer> {
  const { catalog, blobs, now } = storage;
  const number = Number(request.parameters.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > partNumberMax) {
    throw new AwsError(
      400,
      'InvalidArgument',
      `Part number must be an integer between 1 and ${partNumberMax}`,
    );
  }
  const { id } = requireUpload(storage, request);
  const isCopy = request.raw.headers['x-amz-copy-source'] !== undefined;
  const body = isCopy
    ? await receiveBody(blobs, partOfSource(storage, request), {})
    : await receiveBody(blobs, request.raw.stream, request.raw.headers);
  if (catalog.upload(id) === undefined) {
    await body.blob.discard();
    throw noSuchUpload();
  }
  const replaced = catalog.parts(id).find((part) => part.number === number);
  body.blob.commit();
  const { size, etag } = body;
  catalog.putPart({ upload: id, number, blob: body.blob.id, size, etag, modifiedAt: now() });
  if (replaced !== undefined) blobs.remove(replaced.blob);
  if (isCopy) {
    return { xml: { CopyPartResult: { ETag: `"${etag}"`, LastModified: new Date(now()).toISOString() } } };
  }
  return { headers: { etag: `"${etag}"`, ...body.checksums } };
}

/** The bytes of another object that become a part, in UploadPartCopy. */
function partOfSource({ catalog, blobs }: Storage, request: S3Request): Readable {
  const source = copySource(catalog, headerOf(request, 'x-amz-copy-source'));
  checkCopySource(request.raw.headers, source);
  const { start, end } = rangeOf(headerOf(request, 'x-amz-copy-source-range'), source.size);
  const { fd } = blobs.open(source.blob, source.size);
  // A stream's end is inclusive, so an empty object needs one that reads nothing.
  return start === end
    ? createReadStream('', { fd, start: 0 })
    : createReadStream('', { fd, start, end: end - 1 });
}

export async function completeUpload(storage: Storage, request: S3Request): Promise<S3Answer> {
  const upload = requireUpload(storage, request);
  const document = (await request.raw.body(completeBodyBytesMax)).toString('utf8');
  const parts = chosenParts(document, storage.catalog.parts(upload.id));
  checkWrite(request.raw.headers, storage.catalog.object(upload.bucket, upload.key));
  const blob = await concatenate(storage, parts);
  const etag = etagOf(parts);
  try {
    const all = requireUpload(storage, request) && storage.catalog.parts(upload.id);
    storage.catalog.atomically(() => {
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const object = { blob: blob.id, size, etag, headers: upload.headers, checksums: {} };
      replaceObject(storage, request, { ...object, commit: () => blob.commit() });
      storage.catalog.deleteUpload(upload.id);
    });
    for (const part of all) storage.blobs.remove(part.blob);
  } catch (error) {
    await blob.discard();
    throw error;
  }
  const { bucket: Bucket, key: Key } = upload;
  const Location = `http://${request.raw.headers.host ?? ''}${request.raw.path}`;
  return { xml: { CompleteMultipartUploadResult: { Location, Bucket, Key, ETag: `"${etag}"` } } };
}

export function abortUpload(storage: Storage, request: S3Request): S3Answer {
  const { id } = requireUpload(storage, request);
  const parts = storage.catalog.parts(id);
  storage.catalog.atomically(() => storage.catalog.deleteUpload(id));
  for (const part of parts) storage.blobs.remove(part.blob);
  return { status: 204 };
}

export function listParts(storage: Storage, request: S3Request): S3Answer {
  const { id, bucket, key } = requireUpload(storage, request);
  const after = Number(request.parameters.get('part-number-marker') ?? 0);
  const limit = Math.min(1000, Number(request.parameters.get('max-parts') ?? 1000));
  const parts = storage.catalog.parts(id).filter((part) => part.number > after);
  const page = parts.slice(0, limit);
  const isTruncated = page.length < parts.length;
  return {
    xml: {
      ListPartsResult: {
        Bucket: bucket,
        Key: key,
        UploadId: id,
        MaxParts: limit,
        IsTruncated: isTruncated,
        NextPartNumberMarker: isTruncated ? page.at(-1)?.number : undefined,
        Part: page.map((part) => ({
          PartNumber: part.number,
          LastModified: new Date(part.modifiedAt).toISOString(),
          ETag: `"${part.etag}"`,
          Size: part.size,
        })),
      },
    },
  };
}

export function listUploads(storage: Storage, request: S3Request): S3Answer {
  const prefix = request.parameters.get('prefix') ?? '';
  const uploads = storage.catalog.uploads(request.bucket).filter((upload) => upload.key.startsWith(prefix));
  const Upload = uploads.map((upload) => ({
    Key: upload.key,
    UploadId: upload.id,
    Initiated: new Date(upload.createdAt).toISOString(),
  }));
  return { xml: { ListMultipartUploadsResult: { Bucket: request.bucket, IsTruncated: false, Upload } } };
}

function requireUpload({ catalog }: Storage, request: S3Request): UploadRow {
  const upload = catalog.upload(request.parameters.get('uploadId') ?? '');
  if (upload?.bucket !== request.bucket || upload.key !== request.key) throw noSuchUpload();
  return upload;
}

function noSuchUpload(): AwsError {
  return new AwsError(
    404,
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  );
}

/** The parts that the client lists, which must be in order and be the ones that it sent. */
function chosenParts(document: string, parts: readonly PartRow[]): PartRow[] {
  const listed = xmlTexts(document, 'Part').map((part) => ({
    number: Number(xmlText(part, 'PartNumber')),
    etag: (xmlText(part, 'ETag') ?? '').replaceAll('"', ''),
  }));
  if (listed.length === 0) throw new AwsError(400, 'MalformedXML', 'The list of parts is empty');
  const chosen = listed.map(({ number, etag }, i) => {
    if (i > 0 && number <= (listed[i - 1]?.number ?? 0)) {
      throw new AwsError(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    const part = parts.find((one) => one.number === number);
    if (part === undefined || part.etag !== etag) {
      throw new AwsError(400, 'InvalidPart', `Part ${number} was not uploaded, or has another ETag`);
    }
    return part;
  });
  if (chosen.slice(0, -1).some((part) => part.size < partBytesMin)) {
    throw new AwsError(
      400,
      'EntityTooSmall',
      'Your proposed upload is smaller than the minimum allowed size',
    );
  }
  return chosen;
}

async function concatenate({ blobs }: Storage, parts: readonly PartRow[]): Promise<NewBlob> {
  const blob = blobs.create();
  try {
    for (const part of parts) {
      const { fd } = blobs.open(part.blob, part.size);
      // A stream without an encoding gives buffers.
      for await (const bytes of createReadStream('', { fd })) await blob.write(bytes as Buffer);
    }
    await blob.end();
    return blob;
  } catch (error) {
    await blob.discard();
    throw error;
  }
}

/** The MD5 of the parts' MD5s with their number, as S3 makes it. */
function etagOf(parts: readonly PartRow[]): string {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}
