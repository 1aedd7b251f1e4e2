/** How far a webhook has told the events of a deployment, and when it tries again what failed. */
import { ulid } from '#contract/id.ts';
import type { Event } from '#contract/resources/event.ts';

/** The part of a cursor that a delivery moves. */
export interface Progress {
  readonly position: string | null;
  readonly recent: readonly string[];
  readonly attempts: number;
  readonly failingSince: string | null;
  readonly nextAttemptAt: string | null;
}

/** What a webhook wants to be told of. */
export interface Interest {
  readonly events: readonly string[];
  readonly deployments: readonly string[];
}

/**
 * An event is written by the transaction of what it tells, so one with a lower id may come into being after one with a
 * higher id was told. No transaction takes longer than a run of a step.
 */
const OVERLAP_MS = 60_000;
const DAY_MS = 86_400_000;
const FIRST_DELAYS_MS = [1000, 5000, 15_000] as const;
const LONGEST_DELAY_MS = 1_800_000;

/** The event id to look from: nothing below it can still be new. */
export function lookFrom(position: string | null, since: string): string {
  const start = ulid(Date.parse(since), new Uint8Array(16));
  if (position === null) return start;
  const overlapped = ulid(Math.max(0, timeOf(position) - OVERLAP_MS), new Uint8Array(16));
  return overlapped > start ? overlapped : start;
}

/** Whether an event was not dealt with yet. */
export function isNew(eventId: string, { recent }: Pick<Progress, 'recent'>): boolean {
  return !recent.includes(eventId);
}

/** The progress behind an event that was told, or was of no interest. */
export function advanced<T extends Progress>(progress: T, eventId: string): T {
  const position = progress.position === null || eventId > progress.position ? eventId : progress.position;
  const floor = ulid(Math.max(0, timeOf(position) - OVERLAP_MS), new Uint8Array(16));
  const recent = [...progress.recent, eventId].filter((id) => id >= floor);
  return { ...progress, position, recent, attempts: 0, failingSince: null, nextAttemptAt: null };
}

/** The progress after a try that failed: when it is tried again, and longer and longer pauses between. */
export function failed<T extends Progress>(progress: T, nowMs: number): T {
  const attempts = progress.attempts + 1;
  return {
    ...progress,
    attempts,
    failingSince: progress.failingSince ?? new Date(nowMs).toISOString(),
    nextAttemptAt: new Date(nowMs + retryDelayMs(attempts)).toISOString(),
  };
}

/** After a day of failures nobody is expected to listen there any more. */
export function isHopeless({ failingSince }: Pick<Progress, 'failingSince'>, nowMs: number): boolean {
  return failingSince !== null && nowMs - Date.parse(failingSince) >= DAY_MS;
}

/** Pause behind so many failed tries. */
export function retryDelayMs(attempts: number): number {
  const first = FIRST_DELAYS_MS[attempts - 1];
  if (first !== undefined) return first;
  return Math.min(LONGEST_DELAY_MS, 30_000 * 2 ** (attempts - FIRST_DELAYS_MS.length - 1));
}

/** Whether a webhook wants this event; its labels are compared with the deployment by who has that. */
export function wants({ events, deployments }: Interest, event: Pick<Event, 'name' | 'deployment'>): boolean {
  return (
    (events.length === 0 || events.includes(event.name)) &&
    (deployments.length === 0 || deployments.includes(event.deployment))
  );
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 10;

/** Milliseconds in the first ten digits of a ULID. */
function timeOf(id: string): number {
  let ms = 0;
  for (const digit of id.slice(0, TIME_DIGITS)) ms = ms * ALPHABET.length + ALPHABET.indexOf(digit);
  return ms;
}
