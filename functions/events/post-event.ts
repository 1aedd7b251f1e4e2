/** One POST of one event: signed, without redirects, to an address that was looked at before. */
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { EVENT_ID_HEADER, SIGNATURE_HEADER } from '#contract/resources/webhook.ts';
import { signatureOf } from '../control/sign-delivery.ts';
import { isOnLoopback } from '../middleware/environment.ts';
import { publicAddressOf } from './public-address.ts';

const TIMEOUT_MS = 10_000;

/** What is sent where. */
export interface Post {
  readonly url: string;
  readonly secret: string;
  /** Stays the same over all tries, so that the receiver knows an event that it has already. */
  readonly eventId: string;
  readonly body: string;
  readonly nowMs: number;
}

/** What became of it: the status of the answer, or why there was none. */
export type Posted = { readonly status: number } | { readonly error: string };

export async function postEvent(post: Post): Promise<Posted> {
  const url = new URL(post.url);
  try {
    // The platform on a laptop tells listeners on that laptop; on AWS nobody may reach the inside.
    if (isOnLoopback()) return await send(url, post, undefined);
    if (url.protocol !== 'https:') return { error: `"${url.protocol}" is not encrypted; use https` };
    return await send(url, post, await publicAddressOf(url.hostname));
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** Connects to the very address that was looked at: a name may mean another one a moment later. */
function send(
  url: URL,
  { secret, eventId, body, nowMs }: Post,
  checked: { readonly address: string; readonly family: number } | undefined,
): Promise<Posted> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'headwater-webhooks',
          [SIGNATURE_HEADER]: signatureOf(body, secret, nowMs),
          [EVENT_ID_HEADER]: eventId,
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(checked === undefined
          ? {}
          : {
              lookup: (_hostname, options, found) =>
                options.all === true
                  ? found(null, [{ address: checked.address, family: checked.family }])
                  : found(null, checked.address, checked.family),
            }),
      },
      (answer) => {
        // Nobody reads what the receiver says beside its status.
        answer.resume();
        resolve({ status: answer.statusCode ?? 0 });
      },
    );
    outgoing.on('error', (error) =>
      reject(
        error.name === 'TimeoutError' ? new Error(`no answer within ${TIMEOUT_MS / 1000} seconds`) : error,
      ),
    );
    outgoing.end(body);
  });
}
