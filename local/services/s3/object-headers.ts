/** Which headers of an upload are kept with the object and given back with it. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Headers, ObjectRow } from './catalog.ts';

const keptHeaders = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];
const metadataPrefix = 'x-amz-meta-';
const defaultContentType = 'binary/octet-stream';

/** The headers to keep, without the framing that `content-encoding` may name beside real encodings. */
export function storedHeaders(headers: IncomingHttpHeaders): Headers {
  const kept = Object.entries(headers)
    .filter(([name]) => name.startsWith(metadataPrefix) || keptHeaders.includes(name))
    .map(([name, value]) => [name, String(value)] as const);
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'aws-chunked')
    .join(',');
  return { ...Object.fromEntries(kept), ...(encoding === '' ? {} : { 'content-encoding': encoding }) };
}

/** The headers that describe an object in answers to GET and HEAD. */
export function describingHeaders(object: ObjectRow): OutgoingHttpHeaders {
  return {
    'content-type': defaultContentType,
    ...object.headers,
    etag: `"${object.etag}"`,
    'last-modified': new Date(object.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
  };
}
