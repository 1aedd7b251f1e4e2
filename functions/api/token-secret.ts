import { createHash, randomBytes } from 'node:crypto';

/** What a token is told by, and what is stored of it. 256 random bits need no slow hash. */
export function newSecret(id: string): { readonly secret: string; readonly sha256: string } {
  const secret = `hw_${id}_${randomBytes(32).toString('base64url')}`;
  return { secret, sha256: createHash('sha256').update(secret).digest('hex') };
}

/** When a token ends that is made or rotated now. */
export function expiryOf(now: Date, lifetimeDays: number): string {
  return new Date(now.getTime() + lifetimeDays * 86_400_000).toISOString();
}
