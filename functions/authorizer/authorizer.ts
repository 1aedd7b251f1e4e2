/**
 * The function `authorizer`: tells the API who calls. It lets every request through; one that nobody is known for
 * carries the reason, and the API answers it as a problem, which API Gateway itself cannot.
 */
import { TOKEN_SECRET } from '#contract/resources/api-token.ts';
import type { CallerContext } from '../middleware/call.ts';
import { isOnLoopback, optionalSetting, setting } from '../middleware/environment.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import { openDatabase } from '../stores/open-database.ts';
import { tokenStore } from '../stores/tokens.ts';
import type { TokenStore } from '../stores/tokens.ts';
import { checkApiToken } from './check-api-token.ts';
import { KeySet } from './key-set.ts';
import { limitCaller } from './limit-caller.ts';
import { Refusal } from './refusal.ts';
import { roleOf } from './role-of.ts';
import { verifyToken } from './verify-token.ts';

/** A request as API Gateway shows it to an authorizer, payload 2.0. */
interface AuthorizerEvent {
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The simple response of payload 2.0. */
interface AuthorizerResponse {
  readonly isAuthorized: true;
  readonly context: Partial<CallerContext>;
}

let keys: KeySet | undefined;
let tokens: TokenStore | undefined;

export async function handler(event: AuthorizerEvent): Promise<AuthorizerResponse> {
  try {
    return { isAuthorized: true, context: await callerOf(event.headers?.['authorization']) };
  } catch (error) {
    // Why a token of somebody else's making is refused is for the log: the caller learns only what they know.
    const refusal = error instanceof Refusal ? error.message : 'the access token is not valid';
    logger.info('A token was refused', errorFields(error));
    return { isAuthorized: true, context: { refusal } };
  }
}

async function callerOf(header: string | undefined): Promise<Partial<CallerContext>> {
  const isLocal = optionalSetting('access') === 'local';
  // On AWS the parameter that makes everybody the admin of a laptop lets nobody in.
  if (isLocal && !isOnLoopback()) throw new Refusal('access is set to local, and this is no laptop');
  // With a token it decides here too, so that roles can be tried out.
  if (isLocal && header === undefined) return { actor: 'user:admin', role: 'admin' };
  const waitMs = limitCaller(header ?? '', Date.now());
  if (waitMs > 0) {
    const retryAfter = String(Math.max(1, Math.ceil(waitMs / 1000)));
    return { refusal: 'more requests come with this token than are let through', retryAfter };
  }
  const token = /^Bearer (\S+)$/i.exec(header ?? '')?.[1];
  if (token === undefined) throw new Refusal('nobody is signed in');
  const id = TOKEN_SECRET.exec(token)?.[1];
  if (id === undefined) return ofWebToken(token);
  tokens ??= tokenStore(openDatabase(setting('table')));
  return checkApiToken(tokens, id, token);
}

async function ofWebToken(token: string): Promise<Partial<CallerContext>> {
  const issuer = setting('issuer');
  keys ??= new KeySet(issuer);
  const claims = await verifyToken(token, keys, {
    issuer,
    audience: setting('audience'),
    nowSeconds: Math.floor(Date.now() / 1000),
  });
  const role = roleOf(claims);
  const groups = [...new Set([...claims['cognito:groups'], ...claims.roles])];
  return {
    actor: `user:${claims.sub}`,
    groups: JSON.stringify(groups),
    ...(role === undefined ? {} : { role }),
  };
}
