/** GetObject and HeadObject: conditions, ranges and streaming. */
import { closeSync, createReadStream, readSync } from 'node:fs';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { AwsError } from '../service.ts';
import type { Blobs } from './blobs.ts';
import type { ObjectRow } from './catalog.ts';
import { checkRead } from './conditions.ts';
import { describingHeaders } from './object-headers.ts';
import { headerOf } from './s3-request.ts';
import type { S3Request } from './s3-request.ts';
import { requestId } from './s3-response.ts';

// Up to this size one read costs less than a stream.
const oneReadBytes = 256 * 1024;
const streamChunkBytes = 1024 * 1024;
const overridePrefix = 'response-';

export interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly isPartial: boolean;
}

/** Answers GET or HEAD of an object. */
export async function readObject(
  blobs: Blobs,
  object: ObjectRow,
  request: S3Request,
  response: ServerResponse,
): Promise<void> {
  checkRead(request.raw.headers, object);
  const range = rangeOf(headerOf(request, 'range'), object.size);
  const headers = {
    'x-amz-request-id': requestId(),
    ...describingHeaders(object),
    ...checksumHeaders(object, request, range),
    ...overrides(request),
    'content-length': range.end - range.start,
    ...(range.isPartial ? { 'content-range': `bytes ${range.start}-${range.end - 1}/${object.size}` } : {}),
  };
  const status = range.isPartial ? 206 : 200;
  if (request.method === 'HEAD') {
    response.writeHead(status, headers);
    response.end();
    return;
  }
  // Opened before anything is awaited: the object may be replaced at the next turn, and its file deleted.
  const { fd } = blobs.open(object.blob, object.size);
  if (range.end - range.start <= oneReadBytes) {
    const bytes = readRange(fd, range);
    response.writeHead(status, headers);
    response.end(bytes);
    return;
  }
  response.writeHead(status, headers);
  const { start, end } = range;
  const stream = createReadStream('', { fd, start, end: end - 1, highWaterMark: streamChunkBytes });
  // A reader that hangs up is no fault of ours; the pipeline has closed the file.
  await pipeline(stream, response).catch(() => response.destroy());
}

function readRange(fd: number, range: Range): Buffer {
  try {
    const bytes = Buffer.allocUnsafe(range.end - range.start);
    readSync(fd, bytes, 0, bytes.length, range.start);
    return bytes;
  } finally {
    closeSync(fd);
  }
}

/** A header that is no single byte range is ignored, as HTTP asks; one beyond the end is refused. */
/** The bytes that a Range header asks for; all of them when it asks for nothing that S3 knows. */
export function rangeOf(header: string, size: number): Range {
  const whole = { start: 0, end: size, isPartial: false };
  const match = /^bytes=(\d*)-(\d*)$/.exec(header);
  if (match === null) return whole;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return whole;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (start < end) return { start, end, isPartial: true };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return whole;
  throw new AwsError(416, 'InvalidRange', 'The requested range is not satisfiable', {
    ActualObjectSize: size,
  });
}

/** Checksums are of the whole object, so a part of it goes without. */
function checksumHeaders(object: ObjectRow, request: S3Request, range: Range): OutgoingHttpHeaders {
  const isAsked = headerOf(request, 'x-amz-checksum-mode').toUpperCase() === 'ENABLED';
  return isAsked && !range.isPartial ? object.checksums : {};
}

/** Query parameters such as `response-content-disposition` replace headers of the answer. */
function overrides(request: S3Request): OutgoingHttpHeaders {
  const asked = Array.from(request.parameters).filter(([name]) => name.startsWith(overridePrefix));
  const illegal = asked.find(([, value]) => !/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(value));
  if (illegal !== undefined) {
    throw new AwsError(
      400,
      'InvalidArgument',
      `Header value cannot be represented using ISO-8859-1: ${illegal[0]}`,
    );
  }
  return Object.fromEntries(asked.map(([name, value]) => [name.slice(overridePrefix.length), value]));
}
