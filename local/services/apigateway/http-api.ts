/** An HTTP API: requests in, events of payload format 2.0 to functions, their results out. */
import { randomUUID } from 'node:crypto';
import { arnOf } from '../../place.ts';
import type { Place } from '../../place.ts';
import { AwsError } from '../service.ts';
import { jsonAnswer } from './answer.ts';
import type { Answer, WebRequest } from './answer.ts';
import { Authorizers } from './authorizer.ts';
import type { CallFunction } from './authorizer.ts';
import { corsHeaders, preflightAnswer } from './cors.ts';
import type { Cors } from './cors.ts';
import { parseRequest, proxyEvent } from './http-event.ts';
import type { EventParts } from './http-event.ts';
import { answerOf } from './proxy-result.ts';
import { RouteTable } from './route-table.ts';

const bodyBytesMax = 10 * 1024 * 1024;
const integrationTimeoutMs = 30_000;

/** Options of an API. */
export interface HttpApiOptions {
  readonly id: string;
  readonly place: Place;
  readonly cors?: Cors;
  readonly callFunction: CallFunction;
}

/** One API; routes, integrations and authorizers are added as the template declares them. */
export class HttpApi {
  readonly routes = new RouteTable();
  /** Function ARN by integration id. */
  readonly integrations = new Map<string, string>();
  readonly authorizers: Authorizers;
  readonly #options: HttpApiOptions;

  constructor(options: HttpApiOptions) {
    this.#options = options;
    this.authorizers = new Authorizers(options.callFunction);
  }

  get id(): string {
    return this.#options.id;
  }

  /** Answers a request; it never throws for what a caller or a function does. */
  async answer(request: WebRequest): Promise<Answer> {
    const { cors } = this.#options;
    const { origin } = request.incoming.headers;
    if (cors === undefined) return this.#route(request);
    if (request.method === 'OPTIONS' && origin !== undefined) return preflightAnswer(cors, origin);
    const answer = await this.#route(request);
    return { ...answer, headers: { ...answer.headers, ...corsHeaders(cors, origin) } };
  }

  async #route(request: WebRequest): Promise<Answer> {
    const path = decodePath(request.path);
    if (path === undefined) return jsonAnswer(400, { message: 'Bad Request' });
    const match = this.routes.match(request.method, path);
    if (match === undefined) return jsonAnswer(404, { message: 'Not Found' });
    const body = await readBody(request);
    if (body === undefined) {
      return jsonAnswer(413, { message: 'Request Entity Too Large' }, { connection: 'close' });
    }
    const requestId = randomUUID();
    const { id, place } = this.#options;
    const identity = { apiId: id, accountId: place.account, requestId };
    const parts: EventParts = { request, parsed: parseRequest(request), match, body, ...identity };
    const { authorizerId } = match.route;
    if (authorizerId === undefined) return this.#integrate(parts);
    const routeArn = arnOf(place, 'execute-api', `${id}/$default/${request.method}${request.path}`);
    const decision = await this.authorizers.decide(authorizerId, parts, routeArn).catch(asUnavailable);
    return 'refusal' in decision
      ? decision.refusal
      : this.#integrate({ ...parts, authorizer: decision.authorizer });
  }

  async #integrate(parts: EventParts): Promise<Answer> {
    const functionArn = this.integrations.get(parts.match.route.integrationId);
    if (functionArn === undefined) return jsonAnswer(500, { message: 'Internal Server Error' });
    const call = this.#options.callFunction(functionArn, JSON.stringify(proxyEvent(parts)));
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), integrationTimeoutMs);
    });
    try {
      const result = await Promise.race([call, timeout]);
      if (result === undefined) return jsonAnswer(503, { message: 'Service Unavailable' });
      if (result.failed) return jsonAnswer(500, { message: 'Internal Server Error' });
      return answerOf(JSON.parse(result.payload), parts.requestId);
    } catch (error) {
      return asUnavailable(error).refusal;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A function that cannot be reached at the moment, such as between two Lambda hosts. */
function asUnavailable(error: unknown): { refusal: Answer } {
  if (!(error instanceof AwsError)) throw error;
  const isTransient = error.status >= 500;
  const message = isTransient ? 'Service Unavailable' : 'Internal Server Error';
  return { refusal: jsonAnswer(isTransient ? 503 : 500, { message }) };
}

function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

async function readBody(request: WebRequest): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // A refusal must still reach the client, so leaving the loop early must not destroy the connection.
  for await (const chunk of request.incoming.iterator({ destroyOnReturn: false })) {
    // The request has no encoding set, so its chunks are buffers.
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > bodyBytesMax) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
}
