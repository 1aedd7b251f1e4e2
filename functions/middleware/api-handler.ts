/** The middy stack of the API, put together once for `query` and `command`. */
import { createHash } from 'node:crypto';
// oxlint-disable-next-line import/no-named-as-default -- its types know the default export only
import middy from '@middy/core';
import type { Route } from '#contract/api/route.ts';
import { routes } from '#contract/api/routes.ts';
import { runAudited } from './audit.ts';
import { draftOf } from './call.ts';
import type { ApiEvent, ApiResponse, Handler, Reply } from './call.ts';
import { invariant } from './invariant.ts';
import { matchRoute } from './match-route.ts';
import { problemResponse } from './problem-response.ts';
import { requestId } from './request-id.ts';
import { selected, selectedLines } from './select-fields.ts';
import { validateRequest } from './validate-request.ts';
import { speaksYaml, toYaml, YAML } from './yaml.ts';

/** A Lambda handler that answers the routes of a registry. */
export function apiHandler(registry: Readonly<Record<string, Handler>>) {
  // The last one added sees an error first, so the problem is made before the request id is put on it.
  return middy<ApiEvent, ApiResponse>()
    .use(requestId())
    .use(problemResponse())
    .use(matchRoute(registry))
    .use(validateRequest())
    .handler(answer);
}

async function answer(event: ApiEvent): Promise<ApiResponse> {
  const { handler, call } = draftOf(event);
  invariant(handler !== undefined && call !== undefined, 'the request is validated before it is answered');
  const route: Route = routes[handler.id];
  const reply = route.method === 'GET' ? await handler.run(call) : await runAudited(event, handler, call);
  return response(event, route, narrowed(event, route, reply));
}

function narrowed(event: ApiEvent, route: Route, reply: Reply<never>): Reply<never> {
  const { selection } = draftOf(event);
  if (selection === undefined) return reply;
  return {
    ...reply,
    // Fewer fields than the route's schema has are what the caller asked for.
    body: selected(route, reply.body, selection) as never,
    ...(reply.text === undefined ? {} : { text: selectedLines(reply.text, selection) }),
  };
}

function response(event: ApiEvent, route: Route, reply: Reply<never>): ApiResponse {
  // Logs and figures of a job come as they are.
  const mayBeText = route.tag === 'Flink' || route.bodyIsText === true;
  const isText = mayBeText && typeof reply.body === 'string';
  const isYaml = speaksYaml(route) && wantsYaml(event);
  const body =
    reply.text ?? (isText ? String(reply.body) : isYaml ? toYaml(reply.body) : JSON.stringify(reply.body));
  const etag = reply.revision === undefined ? contentTag(body) : revisionTag(reply);
  if (route.method === 'GET' && isUnchanged(event, etag)) {
    return { statusCode: 304, headers: { etag, 'cache-control': 'no-cache' }, body: '' };
  }
  return {
    statusCode: reply.status ?? route.success.status,
    headers: {
      'content-type': isText ? 'text/plain; charset=UTF-8' : isYaml ? YAML : contentTypeOf(route, reply),
      // The caller may keep an answer, and asks each time whether it still holds.
      'cache-control': 'no-cache',
      ...(route.method === 'GET' || reply.revision !== undefined ? { etag } : {}),
      ...(reply.location === undefined ? {} : { location: reply.location }),
      ...(reply.next === undefined || reply.next === null ? {} : { link: nextLink(event, reply.next) }),
    },
    body,
  };
}

/** JSON unless YAML is asked for by its name. */
function wantsYaml({ headers }: ApiEvent): boolean {
  const accepted = (headers['accept'] ?? '').split(',').map((type) => type.split(';', 1)[0]?.trim());
  return accepted.includes(YAML) && !accepted.includes('application/json');
}

function contentTypeOf({ tag, success }: Route, reply: Reply<never>): string {
  if (reply.text !== undefined && success.textType !== undefined) return success.textType;
  return tag === 'Flink' ? 'application/json; charset=UTF-8' : 'application/json';
}

/** Where a list goes on whose body has no place to say so. Source: RFC 8288. */
function nextLink({ rawPath, rawQueryString }: ApiEvent, cursor: string): string {
  const query = new URLSearchParams(rawQueryString);
  query.set('cursor', cursor);
  return `<${rawPath}?${query}>; rel="next"`;
}

function revisionTag({ revision, variant }: Reply<never>): string {
  return variant === undefined ? `"${revision}"` : `"${revision}.${variant}"`;
}

/** Of an answer without a revision of its own, such as a list: it changes exactly when the text does. */
function contentTag(body: string): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}

function isUnchanged(event: ApiEvent, etag: string): boolean {
  const weak = (tag: string): string => tag.trim().replace(/^W\//, '');
  const known = event.headers['if-none-match'];
  return known !== undefined && known.split(',').some((tag) => weak(tag) === weak(etag));
}
