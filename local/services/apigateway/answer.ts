/** An HTTP response as a value, so that what stands in front of an origin can look at it. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request with its path as the origin is to see it. */
export interface WebRequest {
  readonly method: string;
  /** As on the wire: undecoded, without the query. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  readonly incoming: IncomingMessage;
}

/** A complete response; header names are in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** Something that answers requests. */
export type Origin = (request: WebRequest) => Promise<Answer>;

/** A JSON answer. */
export function jsonAnswer(status: number, body: unknown, headers: Answer['headers'] = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** Sends an answer; a HEAD request gets its headers only. */
export function sendAnswer(response: ServerResponse, answer: Answer, method: string): void {
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : [...value],
    ]),
  );
  const hasBody = answer.status !== 204 && answer.status !== 304;
  response.writeHead(answer.status, {
    ...headers,
    ...(hasBody ? { 'content-length': answer.body.length } : {}),
  });
  response.end(method === 'HEAD' || !hasBody ? undefined : answer.body);
}
