/**
 * The only function inside the network: it carries calls to the REST API of a job and does nothing else.
 *
 * It takes private addresses only, so that whoever may invoke it cannot use it to reach anything but tasks.
 */
import * as z from 'zod';
import { isPrivateAddress } from './private-address.ts';

const TIMEOUT_MS = 5000;
const LIMIT_BYTES = 4_000_000;

export const GatewayRequest = z.object({
  /** Origin of the job's REST API: `http://10.0.0.7:8081`. */
  address: z.url({ protocol: /^http$/ }),
  token: z.string(),
  calls: z
    .array(
      z.object({
        method: z.enum(['GET', 'POST', 'PATCH', 'PUT']),
        path: z.string().startsWith('/'),
        body: z.unknown().optional(),
      }),
    )
    .max(100),
});
export type GatewayRequest = z.infer<typeof GatewayRequest>;

/** One answer a call. Status 0: nobody answered; then `body` is the reason as text. */
export interface GatewayAnswer {
  readonly status: number;
  readonly body: unknown;
}

export async function handler(event: unknown): Promise<GatewayAnswer[]> {
  const request = GatewayRequest.parse(event);
  const { origin, hostname } = new URL(request.address);
  if (!isPrivateAddress(hostname)) {
    throw new Error(`Cannot call "${hostname}": only private addresses are called`);
  }
  return Promise.all(request.calls.map((call) => send(origin, request.token, call)));
}

async function send(
  origin: string,
  token: string,
  call: GatewayRequest['calls'][number],
): Promise<GatewayAnswer> {
  try {
    const response = await fetch(origin + call.path, {
      method: call.method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (text.length > LIMIT_BYTES) return { status: 0, body: `The answer has ${text.length} characters` };
    return { status: response.status, body: parsed(text) };
  } catch (error) {
    return { status: 0, body: reasonOf(error) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Logs and Prometheus text are no JSON; they are passed on as they are.
    return text;
  }
}

/** fetch says "fetch failed" and keeps the reason in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
