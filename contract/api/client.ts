/** A typed client of the API, derived from the route table; CLI, console and tests use it. */
import type * as z from 'zod';
import { API_PREFIX } from '../names.ts';
import { Problem, ProblemBody } from '../problems.ts';
import type { Route } from './route.ts';
import { routes, type OperationId, type Routes } from './routes.ts';

type InputOf<T> = T extends z.ZodType ? z.input<T> : unknown;
type Part<R, K extends string, Name extends string> = K extends keyof R
  ? { readonly [N in Name]: InputOf<R[K]> }
  : unknown;

/** What a call takes: path parameters, query, body and headers, as the row of the table says. */
export type CallInput<R> = Part<R, 'params', 'params'> &
  (R extends { query: z.ZodType } ? { readonly query?: z.input<R['query']> } : unknown) &
  Part<R, 'body', 'body'> &
  (R extends { ifMatch: true } ? { readonly ifMatch: string } : unknown) &
  (R extends { idempotent: true } ? { readonly idempotencyKey: string } : unknown) & {
    readonly signal?: AbortSignal;
    readonly ifNoneMatch?: string;
  };

/** The answer's body, with its ETag; `unchanged` when `ifNoneMatch` still holds. */
export type Answer<R extends Route> =
  | { readonly unchanged: false; readonly body: z.infer<R['success']['body']>; readonly etag: string | null }
  | { readonly unchanged: true; readonly etag: string };

interface AnyInput {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
  readonly ifNoneMatch?: string;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export interface ClientOptions {
  /** Origin of the platform, such as `http://127.0.0.1:8080`; empty in a page that it serves. */
  readonly url: string;
  readonly token?: () => Promise<string | undefined>;
  readonly fetch?: typeof fetch;
}

export interface Client {
  /** Throws `Problem` for every answer that is one, and whatever `fetch` throws when nobody answers. */
  call<Id extends OperationId>(id: Id, input: CallInput<Routes[Id]>): Promise<Answer<Routes[Id]>>;
  /** The body alone, for calls without `ifNoneMatch`. */
  get<Id extends OperationId>(
    id: Id,
    input: CallInput<Routes[Id]>,
  ): Promise<z.infer<Routes[Id]['success']['body']>>;
}

export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? fetch;

  async function call<Id extends OperationId>(
    id: Id,
    input: CallInput<Routes[Id]>,
  ): Promise<Answer<Routes[Id]>> {
    const response = await send(options.url + requestPath(id, input), await requestInit(id, input));
    const etag = response.headers.get('etag');
    if (response.status === 304) return { unchanged: true, etag: etag ?? '' };
    const isText = response.headers.get('content-type')?.startsWith('text/plain') === true;
    const body: unknown = await (isText ? response.text() : response.json()).catch(() => undefined);
    if (!response.ok) throw problemOf(response, body);
    // Answers are open by contract, so they are trusted instead of parsed: parsing would drop newer fields.
    return { unchanged: false, body: body as z.infer<Routes[Id]['success']['body']>, etag };
  }

  async function requestInit(id: OperationId, input: AnyInput): Promise<RequestInit> {
    const route: Route = routes[id];
    const headers = new Headers({ accept: 'application/json' });
    const token = await options.token?.();
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    if (input.body !== undefined) headers.set('content-type', route.bodyType ?? 'application/json');
    if (input.ifMatch !== undefined) headers.set('if-match', input.ifMatch);
    if (input.ifNoneMatch !== undefined) headers.set('if-none-match', input.ifNoneMatch);
    if (input.idempotencyKey !== undefined) headers.set('idempotency-key', input.idempotencyKey);
    return {
      method: route.method,
      headers,
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      ...(input.signal === undefined ? {} : { signal: input.signal }),
    };
  }

  return {
    call,
    async get(id, input) {
      const answer = await call(id, input);
      if (answer.unchanged)
        throw new Error(`Cannot read ${id}: the server answered 304 to an unconditional call`);
      return answer.body;
    },
  };
}

/** Path and query of a call, below the origin. */
export function requestPath(id: OperationId, input: AnyInput): string {
  const path = routes[id].path.replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => {
    const value = String(input.params?.[name] ?? '');
    return greedy === '' ? encodeURIComponent(value) : value;
  });
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input.query ?? {})) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null) query.append(name, String(item));
    }
  }
  return `${API_PREFIX}${path}${query.size > 0 ? `?${query}` : ''}`;
}

function problemOf(response: Response, body: unknown): Problem {
  const parsed = ProblemBody.safeParse(body);
  if (!parsed.success) {
    return new Problem('internal', `The server answered ${response.status} ${response.statusText}`.trim());
  }
  const { code, detail, errors, allowed, operationId, missing, retryAfterSeconds } = parsed.data;
  return new Problem(code, detail, {
    ...(errors === undefined ? {} : { errors }),
    ...(allowed === undefined ? {} : { allowed }),
    ...(operationId === undefined ? {} : { operationId }),
    ...(missing === undefined ? {} : { missing }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
