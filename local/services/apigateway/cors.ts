import type { Answer } from './answer.ts';

/** CorsConfiguration of an HTTP API. */
export interface Cors {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds?: number;
}

/** Headers that let a page of this origin read a response; none for an origin that is not allowed. */
export function corsHeaders(cors: Cors, origin: string | undefined): Record<string, string> {
  if (origin === undefined || !(cors.origins.includes('*') || cors.origins.includes(origin))) return {};
  return {
    'access-control-allow-origin': cors.origins.includes('*') && !cors.credentials ? '*' : origin,
    ...(cors.credentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...(cors.exposed.length > 0 ? { 'access-control-expose-headers': cors.exposed.join(',') } : {}),
    vary: 'origin',
  };
}

/** The answer to a preflight, which no authorizer and no function sees. */
export function preflightAnswer(cors: Cors, origin: string | undefined): Answer {
  const allowed = corsHeaders(cors, origin);
  const headers =
    Object.keys(allowed).length === 0
      ? {}
      : {
          ...allowed,
          'access-control-allow-methods': cors.methods.join(','),
          'access-control-allow-headers': cors.headers.join(','),
          ...(cors.maxAgeSeconds === undefined
            ? {}
            : { 'access-control-max-age': String(cors.maxAgeSeconds) }),
        };
  return { status: 204, headers, body: Buffer.alloc(0) };
}
