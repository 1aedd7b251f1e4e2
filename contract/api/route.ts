/** The form of a row of the route table. */
import type * as z from 'zod';
import type { Permission } from '../access.ts';
import type { ProblemCode } from '../problems.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Fields of a path or a query: text on the wire, whatever the schema makes of it inside. */
export type Fields = z.ZodObject;

export interface Route {
  readonly method: Method;
  /** Below `API_PREFIX`, with parameters as `{name}`; the last may be greedy: `{path+}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly params?: Fields;
  readonly query?: Fields;
  readonly body?: z.ZodType;
  /** Content type of the body; JSON when absent. */
  readonly bodyType?: 'application/json' | 'application/merge-patch+json';
  /** Status and body of success. Answers are open: clients tolerate fields that they do not know. */
  readonly success: {
    readonly status: 200 | 201 | 202;
    /** Where nothing had to be done: a dry run, or what was asked for is there already. */
    readonly alsoStatus?: 200;
    readonly body: z.ZodType;
    /** A second form of the answer, as text, for callers that ask for it. */
    readonly textType?: 'application/x-ndjson';
  };
  /** The body of success is plain text and no JSON. */
  readonly bodyIsText?: true;
  /** What can go wrong besides what every route with such headers and such a body can answer. */
  readonly problems: readonly ProblemCode[];
  /** Takes an `Idempotency-Key`; required, so that a retry in CI is always safe. */
  readonly idempotent?: true;
  /** Requires `If-Match` with the resource's ETag; `optional`: whoever sends it is refused when somebody else was faster. */
  readonly ifMatch?: true | 'optional';
  /** What the caller must be permitted, in the namespace that the path names; `public` needs no caller. */
  readonly permission: Permission | 'public';
  /** It is enough to hold it somewhere below that place: the handler narrows down, or tells what all may know there. */
  readonly narrowed?: true;
}
