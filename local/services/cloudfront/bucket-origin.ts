/** A bucket behind a distribution. */
import { jsonAnswer } from '../apigateway/answer.ts';
import type { Answer, Origin } from '../apigateway/answer.ts';
import type { S3 } from '../s3/s3.ts';

/** Serves the objects of a bucket; what is not there is 403, as with an origin access control that may not list. */
export function bucketOrigin(s3: Pick<S3, 'getObject'>, bucket: string): Origin {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return denied();
    const key = keyOf(request.path);
    const object = key === undefined ? undefined : s3.getObject(bucket, key);
    if (object === undefined) return denied();
    const etag = object.etag.startsWith('"') ? object.etag : `"${object.etag}"`;
    const headers = {
      'content-type': 'application/octet-stream',
      ...object.headers,
      etag,
      'last-modified': new Date(object.modifiedAt).toUTCString(),
    };
    const seen = (request.incoming.headers['if-none-match'] ?? '')
      .split(/,\s*/)
      .map((tag) => tag.replace(/^W\//, ''));
    if (seen.includes(etag)) return { status: 304, headers, body: Buffer.alloc(0) };
    return { status: 200, headers, body: object.body };
  };
}

function keyOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return undefined;
  }
}

function denied(): Answer {
  return jsonAnswer(403, { message: 'AccessDenied' });
}
