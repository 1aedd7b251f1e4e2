import type { MiddlewareObj } from '@middy/core';
import { routes } from '#contract/api/routes.ts';
import { API_PREFIX } from '#contract/names.ts';
import { Problem } from '#contract/problems.ts';
import { draftOf } from './call.ts';
import type { ApiEvent, ApiResponse, Handler } from './call.ts';

/** Finds the handler of the route that API Gateway has matched. */
export function matchRoute(
  registry: Readonly<Record<string, Handler>>,
): MiddlewareObj<ApiEvent, ApiResponse> {
  const byKey = new Map(
    Object.values(registry).map((handler) => {
      const { method, path } = routes[handler.id];
      return [`${method} ${API_PREFIX}${path}`, handler];
    }),
  );
  return {
    before: ({ event }) => {
      const found = byKey.get(event.routeKey);
      if (found === undefined) throw noRoute(event);
      draftOf(event).handler = found;
    },
  };
}

/** Methods that an address takes; none when there is no such address. */
export function methodsOf(rawPath: string): string[] {
  return Object.values(routes)
    .filter(({ path }) => pathPattern(API_PREFIX + path).test(rawPath))
    .map(({ method }) => method);
}

function pathPattern(path: string): RegExp {
  const source = path
    .replaceAll('.', String.raw`\.`)
    .replaceAll(/\{\w+(\+?)\}/g, (_, greedy) => (greedy ? '.+' : '[^/]+'));
  return new RegExp(`^${source}/?$`);
}

/** For the requests that no route of the table took. */
function noRoute({ rawPath, requestContext }: ApiEvent): Problem {
  const refused = `Cannot answer ${requestContext.http.method} ${rawPath}`;
  const methods = methodsOf(rawPath);
  return methods.length === 0
    ? new Problem('not-found', `${refused}: there is no such address; ${API_PREFIX}/openapi.json lists all`)
    : new Problem('method-not-allowed', `${refused}: the address takes ${methods.join(', ')}`);
}
