/** Events of payload format 2.0: what a function gets of a request. */
import type { JsonObject } from '../../input.ts';
import type { WebRequest } from './answer.ts';
import type { RouteMatch } from './route-table.ts';

const textual =
  /^(?:text\/|application\/(?:json|javascript|xml|x-www-form-urlencoded|graphql)|[^;]*\+(?:json|xml))/;

/** The parts of a request that API and authorizers read. */
export interface ParsedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly queryParameters: Readonly<Record<string, string>>;
}

/** Headers in lower case with their values joined, cookies split off, query values joined. */
export function parseRequest(request: WebRequest): ParsedRequest {
  const headers: Record<string, string> = {};
  let cookies: string[] = [];
  for (const [name, values = []] of Object.entries(request.incoming.headersDistinct)) {
    if (name === 'cookie') cookies = values.join('; ').split(/;\s*/);
    else headers[name] = values.join(',');
  }
  const query = new URLSearchParams(request.query);
  const names = new Set(query.keys());
  const queryParameters = Object.fromEntries([...names].map((name) => [name, query.getAll(name).join(',')]));
  return { headers, cookies, queryParameters };
}

/** What an event is made of. */
export interface EventParts {
  readonly request: WebRequest;
  readonly parsed: ParsedRequest;
  readonly match: RouteMatch;
  readonly apiId: string;
  readonly accountId: string;
  readonly requestId: string;
  readonly body: Buffer;
  /** `requestContext.authorizer`. */
  readonly authorizer?: JsonObject;
}

/** The event of a proxy integration. */
export function proxyEvent(parts: EventParts): JsonObject {
  const { request, parsed, match, body } = parts;
  const isText = body.length === 0 || textual.test(parsed.headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    ...requestMembers(request, parsed, match),
    requestContext: requestContext(parts),
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: !isText,
  };
}

/** The event of a REQUEST authorizer. */
export function authorizerEvent(
  parts: EventParts,
  { routeArn, identitySource }: { routeArn: string; identitySource: readonly string[] },
): JsonObject {
  const { request, parsed, match } = parts;
  return {
    version: '2.0',
    type: 'REQUEST',
    routeArn,
    identitySource,
    routeKey: match.route.routeKey,
    ...requestMembers(request, parsed, match),
    requestContext: requestContext(parts),
  };
}

function requestMembers(request: WebRequest, parsed: ParsedRequest, match: RouteMatch): JsonObject {
  const { pathParameters } = match;
  return {
    rawPath: request.path,
    rawQueryString: request.query,
    ...(parsed.cookies.length > 0 ? { cookies: parsed.cookies } : {}),
    headers: parsed.headers,
    ...(Object.keys(parsed.queryParameters).length > 0
      ? { queryStringParameters: parsed.queryParameters }
      : {}),
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters } : {}),
  };
}

function requestContext(parts: EventParts): JsonObject {
  const { request, parsed, match, apiId, accountId, requestId, authorizer } = parts;
  const now = new Date();
  return {
    accountId,
    apiId,
    domainName: parsed.headers['host'] ?? '127.0.0.1',
    domainPrefix: apiId,
    http: {
      method: request.method,
      path: request.path,
      protocol: `HTTP/${request.incoming.httpVersion}`,
      sourceIp: request.incoming.socket.remoteAddress ?? '127.0.0.1',
      userAgent: parsed.headers['user-agent'] ?? '',
    },
    requestId,
    routeKey: match.route.routeKey,
    stage: '$default',
    time: logTime(now),
    timeEpoch: now.getTime(),
    ...(authorizer === undefined ? {} : { authorizer }),
  };
}

/** `21/Nov/2026:13:05:02 +0000`, the form of access logs. */
function logTime(date: Date): string {
  const [, day = '', month = '', year = '', time = ''] =
    /, (\d+) (\w+) (\d+) ([\d:]+)/.exec(date.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}
