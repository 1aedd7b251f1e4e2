/** Preconditions of requests: If-Match and If-None-Match on writes, and all four on reads. */
import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from '../service.ts';
import type { ObjectRow } from './catalog.ts';

/**
 * Refuses a write whose precondition does not hold for what is stored now. Call it in the same synchronous step as
 * the write: that makes the pair atomic.
 */
export function checkWrite(headers: IncomingHttpHeaders, existing: ObjectRow | undefined): void {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new AwsError(501, 'NotImplemented', 'If-None-Match of a write must be *', {
      Header: 'If-None-Match',
    });
  }
  if (ifNoneMatch === '*' && existing !== undefined) throw preconditionFailed('If-None-Match');
  if (ifMatch === undefined) return;
  if (existing === undefined) throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.');
  if (!matches(ifMatch, existing.etag)) throw preconditionFailed('If-Match');
}

/** Refuses a read whose precondition does not hold: 412, or 304 for what the caller already has. */
export function checkRead(headers: IncomingHttpHeaders, object: ObjectRow): void {
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifMatch !== undefined && !matches(ifMatch, object.etag)) throw preconditionFailed('If-Match');
  if (ifMatch === undefined && isAfter(object, headers['if-unmodified-since'])) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (ifNoneMatch !== undefined) {
    if (matches(ifNoneMatch, object.etag)) throw notModified();
    return;
  }
  const since = headers['if-modified-since'];
  if (since !== undefined && !Number.isNaN(Date.parse(since)) && !isAfter(object, since)) throw notModified();
}

/** The same four, spelled x-amz-copy-source-…, about the source of a copy; they fail with 412 only. */
export function checkCopySource(headers: IncomingHttpHeaders, source: ObjectRow): void {
  const ifMatch = headers['x-amz-copy-source-if-match'];
  const ifNoneMatch = headers['x-amz-copy-source-if-none-match'];
  if (ifMatch !== undefined && !matches(String(ifMatch), source.etag)) {
    throw preconditionFailed('x-amz-copy-source-If-Match');
  }
  if (ifNoneMatch !== undefined && matches(String(ifNoneMatch), source.etag)) {
    throw preconditionFailed('x-amz-copy-source-If-None-Match');
  }
}

function matches(header: string, etag: string): boolean {
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
  return tags.includes('*') || tags.includes(etag);
}

/** HTTP dates have whole seconds, so the comparison has too. */
function isAfter(object: ObjectRow, date: string | undefined): boolean {
  const time = Date.parse(date ?? '');
  return !Number.isNaN(time) && Math.floor(object.modifiedAt / 1000) * 1000 > time;
}

function preconditionFailed(condition: string): AwsError {
  return new AwsError(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    { Condition: condition },
  );
}

function notModified(): AwsError {
  return new AwsError(304, 'NotModified', 'Not Modified');
}
