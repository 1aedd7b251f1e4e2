/** The function `authorizer`: tells API Gateway who calls, in which role; whatever is wrong means nobody. */
import type { Access } from '../middleware/call.ts';
import { isOnLoopback, optionalSetting, setting } from '../middleware/environment.ts';
import { logger } from '../middleware/logging.ts';
import { KeySet } from './key-set.ts';
import { roleOf } from './role-of.ts';
import { verifyToken } from './verify-token.ts';

/** A request as API Gateway shows it to an authorizer, payload 2.0. */
interface AuthorizerEvent {
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** The simple response of payload 2.0. */
interface AuthorizerResponse {
  readonly isAuthorized: boolean;
  readonly context?: Access;
}

const refused: AuthorizerResponse = { isAuthorized: false };
const localAdmin: AuthorizerResponse = {
  isAuthorized: true,
  context: { actor: 'user:admin', role: 'admin' },
};

let keys: KeySet | undefined;

export async function handler(event: AuthorizerEvent): Promise<AuthorizerResponse> {
  // On a laptop only loopback is served, and whoever sits there is the admin. On AWS the same parameter lets nobody in.
  if (optionalSetting('access') === 'local') return isOnLoopback() ? localAdmin : refused;
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(event.headers?.['authorization'] ?? '')?.[1];
  if (token === undefined) return refused;
  try {
    const issuer = setting('issuer');
    keys ??= new KeySet(issuer);
    const claims = await verifyToken(token, keys, {
      issuer,
      audience: setting('audience'),
      nowSeconds: Math.floor(Date.now() / 1000),
    });
    const role = roleOf(claims);
    return role === undefined
      ? refused
      : { isAuthorized: true, context: { actor: `user:${claims.sub}`, role } };
  } catch (error) {
    logger.info('A token was refused', { reason: error instanceof Error ? error.message : String(error) });
    return refused;
  }
}
