import { createHmac } from 'node:crypto';

/**
 * The signature of a delivery: `t=<seconds>,v1=<hex>`.
 *
 * The receiver makes HMAC-SHA256 of `<seconds>.<body>` with the secret, compares it in constant time, and refuses what
 * is older than some minutes, so that nobody can send an old delivery again.
 */
export function signatureOf(body: string, secret: string, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${signature}`;
}
