/** Answers in the form of S3: XML bodies, bare statuses and XML errors. */
import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AwsError } from '../service.ts';
import { xmlDocument } from './xml.ts';
import type { XmlElements } from './xml.ts';

/** What an operation answers when it does not stream. */
export interface S3Answer {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly xml?: XmlElements;
}

export function sendAnswer(response: ServerResponse, answer: S3Answer): void {
  const body = answer.xml === undefined ? undefined : xmlDocument(answer.xml);
  const hasNoBody = answer.status === 204 || answer.status === 304;
  response.writeHead(answer.status ?? 200, {
    'x-amz-request-id': requestId(),
    ...(hasNoBody ? {} : { 'content-length': body?.length ?? 0 }),
    ...(body === undefined ? {} : { 'content-type': 'application/xml' }),
    ...answer.headers,
  });
  response.end(body);
}

/** An error; the details of the `AwsError` become further elements. */
export function sendS3Error(response: ServerResponse, error: AwsError, method: string): void {
  const headers: OutgoingHttpHeaders = { 'x-amz-request-id': requestId() };
  if (method === 'HEAD' || error.status === 304) {
    response.writeHead(error.status, headers);
    response.end();
    return;
  }
  const details = Object.fromEntries(
    Object.entries(error.details).map(([name, value]) => [name, String(value)]),
  );
  const xml = { Error: { Code: error.type, Message: error.message, ...details } };
  sendAnswer(response, { status: error.status, headers, xml });
}

export function requestId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}
