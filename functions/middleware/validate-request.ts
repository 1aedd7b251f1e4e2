import type { MiddlewareObj } from '@middy/core';
import type * as z from 'zod';
import { queryOf } from '#contract/api/fields.ts';
import type { Route } from '#contract/api/route.ts';
import { routes } from '#contract/api/routes.ts';
import { invariant } from './invariant.ts';
import { draftOf } from './call.ts';
import type { AnyCall, ApiEvent, ApiResponse } from './call.ts';
import { checkAccess } from './check-access.ts';
import { idempotencyKey, ifMatch } from './check-headers.ts';
import { platform } from './platform.ts';
import { readBody } from './read-body.ts';
import { parsePart } from './schema-faults.ts';
import { selectionOf } from './select-fields.ts';

/** Makes a call of the event by the row of its route, or throws the problem that stands against it. */
export function validateRequest(): MiddlewareObj<ApiEvent, ApiResponse> {
  return {
    before: async ({ event }) => {
      const draft = draftOf(event);
      invariant(draft.handler !== undefined, 'the route is matched before the request is validated');
      const { id } = draft.handler;
      const route: Route = routes[id];
      const access = await checkAccess(event, id);
      draft.access = access;
      const search = new URLSearchParams(event.rawQueryString);
      const selection = selectionOf(route, search.get('fields'));
      if (selection !== undefined) draft.selection = selection;
      // First, since what is misspelt there may be the cause of all that follows.
      const query = part(queryOf(route)?.strict(), valuesOf(search), '/query');
      const call = {
        access,
        search,
        accept: event.headers['accept'] ?? '',
        ifMatch: ifMatch(event, route),
        idempotencyKey: idempotencyKey(event, route),
        params: part(route.params, event.pathParameters ?? {}, '/path'),
        query,
        body: part(route.body, readBody(event, route), ''),
        platform: platform(),
      };
      // Parsed by this route's own schemas, which is what the type says.
      draft.call = call as AnyCall;
    },
  };
}

function part(schema: z.ZodType | undefined, value: unknown, at: string): unknown {
  return schema === undefined ? undefined : parsePart(schema, value, at);
}

/** API Gateway joins repeated values by commas, which values may hold too; the raw query tells them apart. */
function valuesOf(search: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(search.keys())].map((name) => {
      const values = search.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
