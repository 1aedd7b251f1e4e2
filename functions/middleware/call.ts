/** What a handler receives and what it answers, typed by its row of the route table. */
import type * as z from 'zod';
import type { OperationId, Routes } from '#contract/api/routes.ts';
import type { Grant } from '../control/decide-access.ts';
import type { Platform } from './platform.ts';
import type { Selection } from './select-fields.ts';

/** Who calls, and what they may do where. */
export interface Access {
  readonly actor: string;
  readonly grants: readonly Grant[];
}

/** What the authorizer says of a caller: flat text, as API Gateway hands it on. */
export interface CallerContext {
  readonly actor: string;
  /** A built-in role that the caller holds on the whole platform. */
  readonly role: string;
  /** Names of groups, as JSON. */
  readonly groups: string;
  /** What an API token permits, as JSON of a `StatedGrant`. */
  readonly grant: string;
  /** Instead of all others: why nobody is let in, for the answer. */
  readonly refusal: string;
  /** Seconds to wait, where the refusal is for asking too often. */
  readonly retryAfter: string;
}

type Parsed<R, Part extends string> = R extends { readonly [P in Part]: infer Schema }
  ? Schema extends z.ZodType
    ? z.output<Schema>
    : undefined
  : undefined;

/** A valid request: everything in it was parsed by the schemas of its route. */
export interface Call<Id extends OperationId> {
  readonly params: Parsed<Routes[Id], 'params'>;
  readonly query: Parsed<Routes[Id], 'query'>;
  readonly body: Parsed<Routes[Id], 'body'>;
  /** The query as it came, for routes that pass it on. */
  readonly search: URLSearchParams;
  /** Content types that the caller would like best. */
  readonly accept: string;
  readonly access: Access;
  /** Revision that `If-Match` names; set where the route requires it. */
  readonly ifMatch: number | undefined;
  /** Set where the route requires it. */
  readonly idempotencyKey: string | undefined;
  readonly platform: Platform;
}

/** An answer. `revision` becomes the ETag. */
export interface Reply<Id extends OperationId> {
  readonly body: z.input<Routes[Id]['success']['body']>;
  /** Instead of the status of the route. */
  readonly status?: number;
  readonly revision?: number;
  /** Tells apart answers of one revision, where they also depend on something else. */
  readonly variant?: string | undefined;
  readonly location?: string;
  /** The answer in the second form of the route. */
  readonly text?: string;
  /** Cursor of the next page, told by a header where the body is text. */
  readonly next?: string | null;
}

/** A call of a route that is only known when it arrives. */
export type AnyCall = Call<OperationId>;

/** A handler as the registries hold it. */
export interface Handler {
  readonly id: OperationId;
  run(call: AnyCall): Promise<Reply<OperationId>>;
}

/** Makes a handler of a function that loads, decides, saves and replies. */
export function handler<Id extends OperationId>(
  id: Id,
  run: (call: Call<Id>) => Promise<Reply<Id>>,
): Handler {
  // The validation middleware parses every call by the route of this id, so the call is one of this route.
  return { id, run: (call) => run(call) };
}

/** Gathered by one middleware after the other. */
export interface Draft {
  requestId: string;
  handler: Handler;
  access: Access;
  call: AnyCall;
  /** What of the answer is wanted, where not all of it is. */
  selection: Selection;
}

/** An event of the HTTP API, payload 2.0, as far as it is read, with what the middlewares have made of it so far. */
export interface ApiEvent {
  readonly routeKey: string;
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  /** The authorizer is absent on public routes. */
  readonly requestContext: {
    readonly http: { readonly method: string; readonly sourceIp?: string };
    readonly authorizer?: { readonly lambda?: Partial<CallerContext> };
  };
  draft?: Partial<Draft>;
}

/** The response in the form of payload 2.0. */
export interface ApiResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** The draft of an event, which the first to ask begins. */
export function draftOf(event: ApiEvent): Partial<Draft> {
  event.draft ??= {};
  return event.draft;
}
