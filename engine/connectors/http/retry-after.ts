/** A service that asks for a longer pause than this is tried earlier: the job has a checkpoint to take. */
const MS_MAX = 300_000;

/** What a `Retry-After` header asks for, in ms from `now`; it is a number of seconds or a date. Undefined for neither. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const delay = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(delay) ? undefined : Math.min(Math.max(0, delay), MS_MAX);
}
