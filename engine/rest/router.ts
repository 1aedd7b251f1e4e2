import type { RestContext } from './rest-context.ts';
import { RestError } from './rest-error.ts';

/** One request, parsed as far as every route needs it. */
export interface RestRequest {
  readonly method: string;
  /** Path without `/v1` and without the query. */
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Members of the JSON body; an empty body has none. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Either JSON, or text with its type. */
export interface RestReply {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly contentType?: string;
}

/** What is served at a path. */
export interface RestRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Segments after `/`; one that begins with a colon is a parameter. */
  readonly path: string;
  readonly handle: (context: RestContext, request: RestRequest) => RestReply | Promise<RestReply>;
}

/** A route that answers 200 with JSON. */
export function get(path: string, view: (context: RestContext, request: RestRequest) => unknown): RestRoute {
  return {
    method: 'GET',
    path,
    handle: async (context, request) => ({ json: await view(context, request) }),
  };
}

/** A route that fits a request, with what its path has in place of parameters. */
export interface Match {
  readonly route: RestRoute;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the first route that fits; every path is served bare and under `/v1`, as Flink does. */
export function findRoute(routes: readonly RestRoute[], method: string, path: string): Match {
  const segments = withoutVersion(path).split('/').filter(Boolean);
  // A HEAD is a GET of which the server sends no body.
  const verb = method === 'HEAD' ? 'GET' : method;
  for (const route of routes) {
    const parameters = route.method === verb ? matchPath(route.path, segments) : undefined;
    if (parameters !== undefined) {
      return { route, parameters };
    }
  }
  throw new RestError(404, `Not found: ${path}`);
}

export function withoutVersion(path: string): string {
  return path.replace(/^\/v1(?=\/|$)/, '');
}

function matchPath(pattern: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = pattern.split('/').filter(Boolean);
  if (parts.length !== segments.length) {
    return undefined;
  }
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) {
      parameters[part.slice(1)] = decoded(segment);
    } else if (part !== segment) {
      return undefined;
    }
  }
  return parameters;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new RestError(400, `Cannot read path segment "${segment}": its percent-encoding is broken`, {
      cause,
    });
  }
}
