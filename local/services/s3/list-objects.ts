/** ListObjectsV2 and its predecessor: pages of keys and common prefixes. */
import { AwsError } from '../service.ts';
import type { Catalog, ObjectRow } from './catalog.ts';
import type { S3Request } from './s3-request.ts';
import type { S3Answer } from './s3-response.ts';

const keysPerPageMax = 1000;
const rowsPerQuery = 1001;
// Sorts after every key that begins with what precedes it.
const afterAll = '\u{10FFFF}';

interface Listing {
  readonly objects: readonly ObjectRow[];
  readonly prefixes: readonly string[];
  /** Where the next page goes on; undefined at the end. */
  readonly next: string | undefined;
}

/** What a listing asks for. */
export interface ListQuery {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  /** Keys up to and including this one are left out. */
  readonly after: string;
  readonly limit: number;
}

export function listObjects(catalog: Catalog, request: S3Request): S3Answer {
  const { parameters, bucket } = request;
  const isV2 = parameters.get('list-type') === '2';
  const token = parameters.get('continuation-token');
  const start = parameters.get(isV2 ? 'start-after' : 'marker') ?? '';
  const prefix = parameters.get('prefix') ?? '';
  const delimiter = parameters.get('delimiter') ?? '';
  const after =
    token === null ? afterStart(start, isV2 ? '' : delimiter) : Buffer.from(token, 'base64').toString('utf8');
  const limit = limitOf(parameters.get('max-keys'));
  const listing = list(catalog, { bucket, prefix, delimiter, after, limit });
  const isUrl = parameters.get('encoding-type') === 'url';
  const encode = (text: string): string => (isUrl ? encodeURIComponent(text).replaceAll('%2F', '/') : text);
  const page = {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    MaxKeys: limit,
    EncodingType: isUrl ? 'url' : undefined,
    IsTruncated: listing.next !== undefined,
    Contents: listing.objects.map((object) => describe(object, encode)),
    CommonPrefixes: listing.prefixes.map((Prefix) => ({ Prefix: encode(Prefix) })),
  };
  const position = isV2 ? v2Position(listing, token, start) : v1Position(listing, start, encode);
  return { xml: { ListBucketResult: { ...page, ...position } } };
}

/** Reads one page; also serves callers in the process. */
export function list(catalog: Catalog, query: ListQuery): Listing {
  const objects: ObjectRow[] = [];
  const prefixes: string[] = [];
  let after = query.after;
  if (query.limit === 0) return { objects, prefixes, next: undefined };
  for (const entry of entries(catalog, query)) {
    if (objects.length + prefixes.length === query.limit) return { objects, prefixes, next: after };
    if (entry.group === undefined) objects.push(entry.object);
    else prefixes.push(entry.group);
    after = entry.after;
  }
  return { objects, prefixes, next: undefined };
}

interface Entry {
  readonly object: ObjectRow;
  /** The common prefix that stands for this object and all others of its group. */
  readonly group: string | undefined;
  /** A listing that goes on after this entry begins here. */
  readonly after: string;
}

function* entries(catalog: Catalog, query: ListQuery): Generator<Entry> {
  const { bucket, prefix, delimiter } = query;
  let after = query.after;
  let group: string | undefined;
  for (;;) {
    const rows = catalog.objectsFrom(bucket, after, prefix, rowsPerQuery);
    if (rows.length === 0) return;
    for (const object of rows) {
      if (!object.key.startsWith(prefix)) return;
      if (group !== undefined && object.key.startsWith(group)) continue;
      group = commonPrefix(object.key, prefix, delimiter);
      after = group === undefined ? object.key : group + afterAll;
      yield { object, group, after };
    }
  }
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function limitOf(text: string | null): number {
  const limit = text === null ? keysPerPageMax : Number(text);
  if (Number.isInteger(limit) && limit >= 0) return Math.min(limit, keysPerPageMax);
  throw new AwsError(400, 'InvalidArgument', `Argument max-keys must be an integer between 0 and 2147483647`);
}

function describe(object: ObjectRow, encode: (text: string) => string) {
  return {
    Key: encode(object.key),
    LastModified: new Date(object.modifiedAt).toISOString(),
    ETag: `"${object.etag}"`,
    Size: object.size,
    StorageClass: 'STANDARD',
  };
}

function v2Position(listing: Listing, token: string | null, start: string) {
  return {
    KeyCount: listing.objects.length + listing.prefixes.length,
    ContinuationToken: token ?? undefined,
    StartAfter: start === '' ? undefined : start,
    NextContinuationToken:
      listing.next === undefined ? undefined : Buffer.from(listing.next, 'utf8').toString('base64'),
  };
}

function v1Position(listing: Listing, marker: string, encode: (text: string) => string) {
  const next = listing.next?.endsWith(afterAll) ? listing.next.slice(0, -afterAll.length) : listing.next;
  return { Marker: encode(marker), NextMarker: next === undefined ? undefined : encode(next) };
}

/** A marker of the older form may be a common prefix, and then stands for its whole group. */
function afterStart(start: string, delimiter: string): string {
  return delimiter !== '' && start.endsWith(delimiter) ? start + afterAll : start;
}
