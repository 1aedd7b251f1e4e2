import type { Route } from '#contract/api/route.ts';
import { Problem } from '#contract/problems.ts';
import type { ApiEvent } from './call.ts';

/** Key of a request that may be sent twice; undefined where the route takes none. */
export function idempotencyKey(event: ApiEvent, route: Route): string | undefined {
  if (route.idempotent !== true) return undefined;
  const key = event.headers['idempotency-key'];
  if (key !== undefined && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem(
    'missing-header',
    'Cannot accept the request: send an Idempotency-Key of 1 to 255 printable characters, a new one for every new request',
  );
}

/** Revision that the caller has read; undefined where the route does not ask for it, and where a verb came without. */
export function ifMatch(event: ApiEvent, route: Route): number | undefined {
  const header = event.headers['if-match'];
  const isOptional = route.ifMatch === undefined || (route.ifMatch === 'optional' && header === undefined);
  if (isOptional) return undefined;
  // Weak too: CloudFront weakens the tag of every answer that it compresses.
  // What follows the revision tells answers apart, not what is changed.
  const revision = /^(?:W\/)?"(\d+)(?:\.[\w-]+)?"$/.exec(header ?? '')?.[1];
  if (revision !== undefined) return Number(revision);
  const described = header === undefined ? 'If-Match is missing' : `If-Match is ${header}`;
  throw new Problem(
    'precondition-required',
    `Cannot change it: ${described}; send the ETag of the resource, such as "3"`,
  );
}
