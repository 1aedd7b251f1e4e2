/** CloudFront functions of the viewer-request kind: small scripts that rewrite or answer a request. */
import { createContext, Script } from 'node:vm';
import type { Context } from 'node:vm';
import { isObject } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import type { Answer, WebRequest } from '../apigateway/answer.ts';

// AWS allows about a millisecond of computing; this is only there to end a loop without end.
const timeoutMs = 1_000;
/** A function that was ended by the clock although it computed for less than this never had the processor. */
const starvedMs = timeoutMs / 2;

/** What the function made of a request: another path, or at once an answer. */
export type EdgeResult = { readonly path: string; readonly query: string } | { readonly answer: Answer };

/** A compiled function; its code comes from the template, so it is trusted as the handlers are. */
export class EdgeFunction {
  readonly #context: Context;
  readonly #call: Script;

  constructor(code: string) {
    this.#context = createContext({});
    runUnstarved(new Script(code), this.#context);
    this.#call = new Script('handler(event)');
  }

  run(request: WebRequest): EdgeResult {
    this.#context['event'] = {
      version: '1.0',
      context: { eventType: 'viewer-request' },
      viewer: { ip: request.incoming.socket.remoteAddress ?? '127.0.0.1' },
      request: {
        method: request.method,
        uri: request.path,
        querystring: valuesOf(new URLSearchParams(request.query)),
        headers: valuesOf(
          Object.entries(request.incoming.headers).map(([name, value]) => [name, String(value)]),
        ),
        cookies: {},
      },
    };
    const result = runUnstarved(this.#call, this.#context);
    if (!isObject(result)) throw new Error('a function of the distribution returned no object');
    if (typeof result['statusCode'] === 'number') return { answer: answerOf(result) };
    return { path: String(result['uri'] ?? request.path), query: queryOf(result['querystring']) };
  }
}

/** The clock also runs while a busy or sleeping machine does other things: then the function gets another chance. */
function runUnstarved(script: Script, context: Context): unknown {
  for (;;) {
    const before = process.threadCpuUsage();
    try {
      return script.runInContext(context, { timeout: timeoutMs });
    } catch (error) {
      if (!isTimeout(error)) throw error;
      const { user, system } = process.threadCpuUsage(before);
      if ((user + system) / 1000 >= starvedMs) throw error;
    }
  }
}

/** The error is made inside the context, whose `Error` is not the one of this file. */
function isTimeout(error: unknown): boolean {
  return isObject(error) && error['code'] === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

function valuesOf(pairs: Iterable<readonly [string, string]>): JsonObject {
  return Object.fromEntries([...pairs].map(([name, value]) => [name, { value }]));
}

function queryOf(querystring: unknown): string {
  if (!isObject(querystring)) return '';
  const pairs = Object.entries(querystring).map(
    ([name, entry]) => [name, isObject(entry) ? String(entry['value'] ?? '') : ''] as [string, string],
  );
  return new URLSearchParams(pairs).toString();
}

function answerOf(result: JsonObject): Answer {
  const headers = Object.entries(isObject(result['headers']) ? result['headers'] : {}).map(
    ([name, entry]) => [name.toLowerCase(), isObject(entry) ? String(entry['value'] ?? '') : ''] as const,
  );
  const body = isObject(result['body']) ? result['body']['data'] : result['body'];
  return {
    status: Number(result['statusCode']),
    headers: Object.fromEntries(headers),
    body: Buffer.from(typeof body === 'string' ? body : ''),
  };
}
