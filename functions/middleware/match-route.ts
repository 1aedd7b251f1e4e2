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
      if (found === undefined) {
        throw new Problem('not-found', `Cannot answer ${event.routeKey}: the API has no such route`);
      }
      draftOf(event).handler = found;
    },
  };
}
