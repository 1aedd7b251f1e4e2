/** A sink that posts records to a web service. */
import { ms, type Duration } from '../../data/duration.ts';
import type { Schema } from '../../data/schema.ts';
import type { Sink } from '../connector.ts';
import type { Format } from '../formats/format.ts';
import { json } from '../formats/json-format.ts';
import { newPlace } from '../new-place.ts';
import { RequestWriter } from './request-writer.ts';

/** Options of {@link httpSink}. */
export interface HttpSinkOptions<T> {
  /** `https://…`; shown in plans, so a secret belongs in `headers`. */
  readonly url: string;
  /** `POST` when left out. */
  readonly method?: 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly schema?: Schema<T>;
  /** JSON when left out; others are in `headwater/connectors/formats`. */
  readonly format?: Format;
  /** Records of one request at most, a line each; 500 when left out. With 1 the body is the record alone. */
  readonly batchRecords?: number;
  /** How long records wait for company, 50 ms when left out. */
  readonly linger?: Duration;
  /** How long an answer may take, 30 s when left out. */
  readonly timeout?: Duration;
}

/**
 * Posts records at least once: what was posted since the last checkpoint is posted again after a failure, in other
 * batches. One request is under way at a time, so records arrive in order.
 *
 * A request that is not answered, or with 408, 425, 429 or 5xx, is made again with the same `Idempotency-Key`, not before
 * its `Retry-After` says; any other refusal fails the job.
 * Example: `httpSink({ url: 'https://hooks.example/alarms', headers: { authorization: config.token }, batchRecords: 1 })`.
 */
export function httpSink<T>(options: HttpSinkOptions<T>): Sink<T> {
  const { url, method = 'POST', headers = {}, schema, format = json() } = options;
  const { batchRecords = 500, linger = '50 ms', timeout = '30 seconds' } = options;
  const address = addressOf(url);
  if (!(Number.isInteger(batchRecords) && batchRecords > 0))
    throw new Error(
      `Cannot post to "${address.shown}": batchRecords is ${batchRecords}, and must be a whole number above 0`,
    );
  const request = {
    url: address.full,
    shown: address.shown,
    method,
    headers: { 'content-type': contentType(format, batchRecords), ...headers },
    timeoutMs: ms(timeout),
  };
  return {
    connector: 'http',
    guarantee: 'at-least-once',
    options: { url: address.shown, method, format: format.name },
    writer: (host, subtask) =>
      new RequestWriter(
        { request, encode: format.encoder(schema), batchRecords, lingerMs: ms(linger) },
        host,
        subtask,
      ),
    redirected: (to) => httpSink({ ...options, url: newPlace('http', 'url', to) }),
  };
}

function contentType({ name }: Format, batchRecords: number): string {
  if (name === 'json') return batchRecords === 1 ? 'application/json' : 'application/x-ndjson';
  return name === 'csv' ? 'text/csv' : 'application/octet-stream';
}

/** What may be shown has neither a query nor a password, where people put secrets. */
function addressOf(url: string): { readonly full: string; readonly shown: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol))
    throw new Error(
      `Cannot post to "${url}": it is no address of the web; give one such as "https://example.org/in"`,
    );
  return { full: parsed.href, shown: `${parsed.origin}${parsed.pathname}` };
}
