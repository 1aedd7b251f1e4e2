/** A request to S3, taken apart: bucket, key and query parameters, path style. */
import { AwsError } from '../service.ts';
import type { ServiceRequest } from '../service.ts';

/** What the operations read of a request. */
export interface S3Request {
  readonly method: string;
  /** '' for the list of buckets. */
  readonly bucket: string;
  /** '' for the bucket itself. */
  readonly key: string;
  readonly parameters: URLSearchParams;
  readonly raw: ServiceRequest;
}

const keyBytesMax = 1024;

export function parseS3Request(raw: ServiceRequest): S3Request {
  const path = raw.path.slice(1);
  const slash = path.indexOf('/');
  const bucket = decode(slash < 0 ? path : path.slice(0, slash));
  const key = decode(slash < 0 ? '' : path.slice(slash + 1));
  if (Buffer.byteLength(key) > keyBytesMax) {
    throw new AwsError(400, 'KeyTooLongError', `Your key is too long: the limit is ${keyBytesMax} bytes`);
  }
  return { method: raw.method, bucket, key, parameters: new URLSearchParams(raw.query), raw };
}

/** One header as text; '' when it is absent. */
export function headerOf(request: S3Request, name: string): string {
  return String(request.raw.headers[name] ?? '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw Object.assign(new AwsError(400, 'InvalidURI', `Couldn't parse the specified URI "${text}"`), {
      cause,
    });
  }
}

/** Refuses a presigned request whose time is over. Its signature is not verified, nor any other. */
export function refuseExpired(request: S3Request, now: number): void {
  const { parameters } = request;
  const signedAt = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(parameters.get('X-Amz-Date') ?? '');
  const expiresSeconds = Number(parameters.get('X-Amz-Expires') ?? Number.NaN);
  if (!parameters.has('X-Amz-Signature') || signedAt === null || Number.isNaN(expiresSeconds)) return;
  const [year, month, day, hour, minute, second] = signedAt.slice(1).map(Number);
  const start = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  if (now > start + expiresSeconds * 1000) throw new AwsError(403, 'AccessDenied', 'Request has expired');
}
