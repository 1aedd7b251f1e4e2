/** Who may call a route: JSON Web Tokens, or a function that decides. */
import { isObject } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import type { InvocationResult } from '../lambda/protocol.ts';
import { jsonAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { authorizerEvent } from './http-event.ts';
import type { EventParts } from './http-event.ts';
import { verifyJwt } from './jwt.ts';

/** An authorizer as the template declares it. */
export type Authorizer =
  | {
      readonly kind: 'jwt';
      readonly id: string;
      readonly issuer: string;
      readonly audience: readonly string[];
      readonly identitySource: readonly string[];
    }
  | {
      readonly kind: 'function';
      readonly id: string;
      readonly functionArn: string;
      readonly identitySource: readonly string[];
      readonly cacheSeconds: number;
      readonly simpleResponses: boolean;
    };

/** Either what the function is told of the caller, or the refusal. */
export type Decision = { readonly authorizer: JsonObject } | { readonly refusal: Answer };

/** Calls a function in the process. */
export type CallFunction = (arn: string, payload: string) => Promise<InvocationResult>;

interface Cached {
  readonly decision: Decision;
  readonly until: number;
}

/** The authorizers of one API, with their cached decisions. */
export class Authorizers {
  readonly #authorizers = new Map<string, Authorizer>();
  readonly #cache = new Map<string, Cached>();
  readonly #call: CallFunction;

  constructor(call: CallFunction) {
    this.#call = call;
  }

  put(authorizer: Authorizer): void {
    this.#authorizers.set(authorizer.id, authorizer);
  }

  async decide(id: string, parts: EventParts, routeArn: string): Promise<Decision> {
    const authorizer = this.#authorizers.get(id);
    if (authorizer === undefined) return { refusal: jsonAnswer(500, { message: 'Internal Server Error' }) };
    const identity = authorizer.identitySource.map((source) => identityOf(source, parts));
    // A request without the identity that the authorizer asks for is refused unseen.
    if (identity.includes(undefined)) return unauthorized();
    const sources = identity.map(String);
    return authorizer.kind === 'jwt'
      ? decideByToken(authorizer, parts, sources[0] ?? '')
      : this.#decideByFunction(authorizer, parts, { sources, routeArn });
  }

  async #decideByFunction(
    authorizer: Extract<Authorizer, { kind: 'function' }>,
    parts: EventParts,
    { sources, routeArn }: { sources: readonly string[]; routeArn: string },
  ): Promise<Decision> {
    const key = JSON.stringify([authorizer.id, sources]);
    const cached = this.#cache.get(key);
    if (cached !== undefined && cached.until > Date.now()) return cached.decision;
    const event = authorizerEvent(parts, { routeArn, identitySource: sources });
    const result = await this.#call(authorizer.functionArn, JSON.stringify(event));
    if (result.failed) {
      // A function that throws exactly this means a 401, any other error is its own fault.
      if (result.payload.includes('"errorMessage":"Unauthorized"')) return unauthorized();
      return { refusal: jsonAnswer(500, { message: 'Internal Server Error' }) };
    }
    const decision = decisionOf(JSON.parse(result.payload), authorizer.simpleResponses);
    // Without an identity source there is nothing that tells callers apart, so nothing may be cached.
    if (authorizer.cacheSeconds > 0 && sources.length > 0) {
      this.#cache.set(key, { decision, until: Date.now() + authorizer.cacheSeconds * 1000 });
    }
    return decision;
  }
}

async function decideByToken(
  authorizer: Extract<Authorizer, { kind: 'jwt' }>,
  parts: EventParts,
  source: string,
): Promise<Decision> {
  const claims = await verifyJwt(source.replace(/^Bearer\s+/i, ''), authorizer).catch(() => undefined);
  if (claims === undefined) return unauthorized('Bearer error="invalid_token"');
  const granted = String(claims['scope'] ?? claims['scp'] ?? '').split(' ');
  const wanted = parts.match.route.scopes;
  if (wanted.length > 0 && !wanted.some((scope) => granted.includes(scope))) return forbidden();
  const texts = Object.entries(claims).map(([name, value]) => [name, claimText(value)] as const);
  return {
    authorizer: { jwt: { claims: Object.fromEntries(texts), scopes: wanted.length > 0 ? wanted : null } },
  };
}

/** API Gateway hands all claims on as text, lists in square brackets. */
function claimText(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(' ')}]` : String(value);
}

function decisionOf(answer: unknown, simple: boolean): Decision {
  if (!isObject(answer)) return { refusal: jsonAnswer(500, { message: 'Internal Server Error' }) };
  const isAllowed = simple ? answer['isAuthorized'] === true : allowsByPolicy(answer['policyDocument']);
  if (!isAllowed) return forbidden();
  return { authorizer: { lambda: isObject(answer['context']) ? answer['context'] : {} } };
}

function allowsByPolicy(policy: unknown): boolean {
  const statements = isObject(policy) ? [policy['Statement']].flat().filter(isObject) : [];
  const has = (effect: string) => statements.some((statement) => statement['Effect'] === effect);
  return has('Allow') && !has('Deny');
}

function identityOf(source: string, { request, parsed }: EventParts): string | undefined {
  const match = /^\$request\.(header|querystring)\.(.+)$/.exec(source);
  if (match?.[1] === 'header') return parsed.headers[(match[2] ?? '').toLowerCase()];
  if (match?.[1] === 'querystring') return parsed.queryParameters[match[2] ?? ''];
  if (source === '$context.httpMethod') return request.method;
  if (source === '$context.path') return request.path;
  return undefined;
}

function unauthorized(challenge = 'Bearer'): Decision {
  return { refusal: jsonAnswer(401, { message: 'Unauthorized' }, { 'www-authenticate': challenge }) };
}

function forbidden(): Decision {
  return { refusal: jsonAnswer(403, { message: 'Forbidden' }) };
}
