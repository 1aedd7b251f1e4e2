import { sharedClient } from '../aws/client-settings.ts';
import { awaitRetry, type Attempted } from '../aws/retry.ts';
import { errorMessage, errorName } from '../aws/service-error.ts';
import type { ConnectorHost } from '../connector.ts';
import { FileFault } from './file-store.ts';
import type * as S3Sdk from './s3-sdk.ts';

export interface S3 {
  readonly sdk: typeof S3Sdk;
  readonly client: S3Sdk.S3Client;
}

/** The client of this thread. */
export function openS3(host: ConnectorHost): Promise<S3> {
  return sharedClient(host, 'S3', async (settings) => {
    const sdk = await import('./s3-sdk.ts');
    // A host name per bucket does not resolve where the endpoint is an address.
    const forcePathStyle = settings.endpoint !== undefined;
    return { sdk, client: new sdk.S3Client({ ...settings, forcePathStyle }) };
  });
}

/** Calls S3 until it answers. Rejects with what `expected` has made of an error, or with a {@link FileFault}. */
export async function callS3<R>(
  host: ConnectorHost,
  attempted: Attempted,
  call: (s3: S3) => Promise<R>,
  expected: (error: unknown) => Error | undefined = () => undefined,
): Promise<R> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await call(await openS3(host));
    } catch (error) {
      const final = expected(error) ?? permanentFault(error, attempted);
      if (final !== undefined) throw final;
      await awaitRetry(host, error, attempt, attempted);
    }
  }
}

/** Calls of one who may stop asking: then what fails is not tried again. */
export class S3Calls {
  readonly #host: ConnectorHost;
  #closed = false;

  constructor(host: ConnectorHost) {
    this.#host = host;
  }

  call<R>(
    attempted: Attempted,
    call: (s3: S3) => Promise<R>,
    expected: (error: unknown) => Error | undefined = () => undefined,
  ): Promise<R> {
    return callS3(this.#host, attempted, call, (error) => expected(error) ?? this.#given(error, attempted));
  }

  close(): void {
    this.#closed = true;
  }

  #given(cause: unknown, { operation, subject }: Attempted): Error | undefined {
    return this.#closed
      ? new Error(`Cannot call ${operation} on ${subject}: the job lets go of it`, { cause })
      : undefined;
  }
}

/** 4xx that heal by themselves: credentials are renewed, clocks are set, a conditional write meets another one. */
const PASSING = new Set([
  'ConditionalRequestConflict',
  'ExpiredToken',
  'OperationAborted',
  'RequestTimeout',
  'RequestTimeTooSkewed',
  'SlowDown',
]);

/** What the request itself is to blame for; all but throttling, timeouts and skewed clocks among the 4xx. */
export function permanentFault(error: unknown, { operation, subject }: Attempted): FileFault | undefined {
  const status = statusOf(error);
  const passes = status === undefined || status >= 500 || status === 408 || status === 429;
  if (passes || PASSING.has(errorName(error))) return undefined;
  return new FileFault(
    `Cannot call ${operation} on ${subject}: ${errorName(error)}: ${errorMessage(error)}`,
    { cause: error },
  );
}

export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata: unknown = error.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
    ? Number(metadata.httpStatusCode)
    : undefined;
}
