/** Tells one webhook the events of one deployment, in their order. */
import type { Event } from '#contract/resources/event.ts';
import type { WebhookDelivery } from '#contract/resources/webhook.ts';
import {
  advanced,
  failed,
  isHopeless,
  isNew,
  lookFrom,
  retryDelayMs,
  wants,
} from '../control/webhook-cursor.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { StoredStatus, StoredWebhook, WebhookCursor } from '../stores/webhooks.ts';
import { labelFilter } from '../stores/label-filter.ts';
import { disableWebhook } from './disable-webhook.ts';
import { postEvent } from './post-event.ts';
import type { Posted } from './post-event.ts';

/** Longer than any run of the function, so that a lease that is over belongs to a run that has died. */
const LEASE_MS = 90_000;
const EVENTS_AT_ONCE = 100;
/** Pauses up to this are waited for; longer ones are the schedule's. */
const WAITED_MS = 15_000;

/** A webhook and the deployment whose events it is told. */
export interface Errand {
  readonly webhook: StoredWebhook;
  readonly deploymentId: string;
  /** When the run must end, in ms. */
  readonly deadlineMs: number;
}

/** Delivers until nothing is new, a try failed, or time is up. Another run that does the same is left alone. */
export async function deliverEvents(platform: Platform, errand: Errand): Promise<void> {
  // What is written while the lease is given back would be seen by nobody, so one looks once more.
  for (;;) {
    const leased = await lease(platform, errand);
    if (leased === undefined) return;
    const left = await deliverAll(platform, errand, leased);
    await save(platform, { ...left, leaseUntil: null });
    if (left.nextAttemptAt !== null || platform.now().getTime() > errand.deadlineMs) return;
    if ((await newEvents(platform, errand, left)).length === 0) return;
  }
}

async function lease(platform: Platform, errand: Errand): Promise<WebhookCursor | undefined> {
  const { webhook, deploymentId } = errand;
  const { stores, now } = platform;
  const found = await stores.webhooks.cursor(webhook.id, deploymentId);
  const at = now().toISOString();
  const isHeld = found !== undefined && found.leaseUntil !== null && found.leaseUntil > at;
  const isEarly = found !== undefined && found.nextAttemptAt !== null && found.nextAttemptAt > at;
  if (isHeld || isEarly) return undefined;
  if ((await newEvents(platform, errand, found)).length === 0) {
    // A holder that died behind its last event has left its lease.
    if (found !== undefined && found.leaseUntil !== null)
      await save(platform, { ...found, leaseUntil: null });
    return undefined;
  }
  return save(platform, { ...(found ?? begun(errand)), leaseUntil: leaseEnd(platform) });
}

function begun({ webhook, deploymentId }: Errand): WebhookCursor {
  return {
    webhookId: webhook.id,
    webhook: webhook.name,
    namespace: webhook.namespace,
    deploymentId,
    position: null,
    recent: [],
    leaseUntil: null,
    attempts: 0,
    failingSince: null,
    nextAttemptAt: null,
    revision: 0,
  };
}

function leaseEnd({ now }: Platform): string {
  return new Date(now().getTime() + LEASE_MS).toISOString();
}

/** Undefined when another run was faster. */
async function save({ stores }: Platform, cursor: WebhookCursor): Promise<WebhookCursor | undefined> {
  const next = { ...cursor, revision: cursor.revision + 1 };
  try {
    await stores.commit([stores.webhooks.cursorWritten(next)]);
    return next;
  } catch (error) {
    if (error instanceof WriteConflict) return undefined;
    throw error;
  }
}

async function newEvents(
  { stores }: Platform,
  { webhook, deploymentId }: Errand,
  cursor: Pick<WebhookCursor, 'position' | 'recent'> | undefined,
): Promise<Event[]> {
  const { position, recent } = cursor ?? { position: null, recent: [] };
  let from = lookFrom(position, webhook.since);
  for (;;) {
    const found = await stores.events.from(deploymentId, from, EVENTS_AT_ONCE);
    const fresh = found.filter(({ id }) => isNew(id, { recent }));
    const last = found.at(-1);
    if (fresh.length > 0 || last === undefined || found.length < EVENTS_AT_ONCE) return fresh;
    from = `${last.id}~`;
  }
}

async function deliverAll(platform: Platform, errand: Errand, leased: WebhookCursor): Promise<WebhookCursor> {
  let cursor = leased;
  const isWanted = await interestOf(platform, errand);
  for (;;) {
    const events = await newEvents(platform, errand, cursor);
    if (events.length === 0) return cursor;
    for (const event of events) {
      if (platform.now().getTime() > errand.deadlineMs) return dueNow(platform, cursor);
      const told = isWanted(event) ? await tell(platform, errand, { cursor, event }) : undefined;
      if (told === false) return cursor;
      cursor = told ?? advanced(cursor, event.id);
      if (cursor.nextAttemptAt !== null) return cursor;
    }
  }
}

/** What could not be told in time goes on with the next run of the schedule. */
function dueNow({ now }: Platform, cursor: WebhookCursor): WebhookCursor {
  return { ...cursor, nextAttemptAt: now().toISOString() };
}

async function interestOf(
  { stores }: Platform,
  { webhook, deploymentId }: Errand,
): Promise<(event: Event) => boolean> {
  if (webhook.labels.length === 0) return (event) => wants(webhook, event);
  const labels = labelFilter(webhook.labels);
  let own: Readonly<Record<string, string>> | undefined;
  const [first] = await stores.events.from(deploymentId, '0', 1);
  if (first !== undefined) own = (await stores.deployments.get(first.namespace, first.deployment))?.labels;
  return (event) => wants(webhook, event) && own !== undefined && labels.matches(own);
}

/** The cursor behind the event, or as it is after a failed try; false when the webhook or the lease is lost. */
async function tell(
  platform: Platform,
  errand: Errand,
  place: { readonly cursor: WebhookCursor; readonly event: Event },
): Promise<WebhookCursor | false> {
  let { cursor } = place;
  for (;;) {
    const delivery = await deliver(platform, errand.webhook, {
      event: place.event,
      attempt: cursor.attempts + 1,
    });
    const nowMs = platform.now().getTime();
    const next = delivery.succeeded ? advanced(cursor, place.event.id) : failed(cursor, nowMs);
    const saved = await save(platform, { ...next, leaseUntil: leaseEnd(platform) });
    if (saved === undefined) return false;
    cursor = saved;
    await noteOutcome(platform, errand.webhook, delivery);
    if (delivery.succeeded) return cursor;
    if (isHopeless(cursor, nowMs)) {
      await disableWebhook(platform, errand.webhook, place.event);
      return false;
    }
    const delayMs = retryDelayMs(cursor.attempts);
    if (delayMs > WAITED_MS || nowMs + delayMs > errand.deadlineMs) return cursor;
    await platform.pause(delayMs);
  }
}

/** One try, which is noted among the deliveries whatever comes of it. */
export async function deliver(
  platform: Platform,
  { id, url, secret }: Pick<StoredWebhook, 'id' | 'url' | 'secret'>,
  told: { readonly event: Event; readonly attempt: number; readonly isTest?: boolean },
): Promise<WebhookDelivery> {
  const { stores, now, newId } = platform;
  const { event, attempt } = told;
  const begin = now();
  const posted = await postEvent({
    url,
    secret,
    eventId: event.id,
    body: JSON.stringify(told.isTest === true ? { ...event, test: true } : event),
    nowMs: begin.getTime(),
  });
  const delivery: WebhookDelivery = {
    id: newId(),
    at: begin.toISOString(),
    eventId: told.isTest === true ? null : event.id,
    eventName: event.name,
    deployment: event.deployment,
    attempt,
    ...outcomeOf(posted),
    durationMs: now().getTime() - begin.getTime(),
  };
  await stores.commit([stores.webhooks.delivered(id, delivery)]);
  return delivery;
}

function outcomeOf(posted: Posted): Pick<WebhookDelivery, 'responseStatus' | 'succeeded' | 'error'> {
  if ('error' in posted) return { responseStatus: null, succeeded: false, error: posted.error };
  const { status } = posted;
  const succeeded = status >= 200 && status < 300;
  const error = succeeded ? null : `the receiver answered ${status}`;
  return { responseStatus: status, succeeded, error };
}

/** Written when something changed for people, and else so seldom that a busy webhook costs little. */
async function noteOutcome(
  { stores }: Platform,
  { id }: StoredWebhook,
  { succeeded, at, error }: WebhookDelivery,
): Promise<void> {
  const status = await stores.webhooks.status(id);
  const state = succeeded ? 'delivering' : 'failing';
  const isRecent = Date.parse(at) - Date.parse(status.lastDeliveredAt ?? '1970-01-01') < 10_000;
  if (succeeded && status.state === state && isRecent) return;
  const next: StoredStatus = succeeded
    ? { ...status, state, lastDeliveredAt: at }
    : { ...status, state, lastFailedAt: at, lastError: error };
  await stores.commit([stores.webhooks.statusWritten(id, next)]);
}
