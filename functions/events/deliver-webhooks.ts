/**
 * The function `webhooks`: tells webhooks what has happened.
 *
 * Whoever has written events invokes it for their deployment; the schedule invokes it without one, for what was
 * missed, for tries that are due again, and for runs that have died.
 */
import * as z from 'zod';
import { Name, Ulid } from '#contract/resources/metadata.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import { platform } from '../middleware/platform.ts';
import type { Platform } from '../middleware/platform.ts';
import { WriteConflict } from '../stores/database.ts';
import type { StoredWebhook, WebhookCursor } from '../stores/webhooks.ts';
import { deliverEvents } from './deliver-events.ts';
import type { Errand } from './deliver-events.ts';

const Announcement = z.object({ namespace: Name, deploymentId: Ulid });

/** The function may take a minute; a post that is under way then has ten seconds. */
const RUN_MS = 40_000;
const AT_ONCE = 8;
const DUE_AT_ONCE = 500;
const EVENTS_AT_ONCE = 200;
/** The index of events lags behind the table, and ids behind the writes. */
const SCAN_OVERLAP_MS = 120_000;

export async function handler(event: unknown): Promise<void> {
  const announced = Announcement.safeParse(event);
  await deliverWebhooks(platform(), announced.success ? announced.data : undefined);
}

/** Delivers for one deployment, or whatever is left to deliver anywhere. */
export async function deliverWebhooks(
  platform: Platform,
  announced: z.infer<typeof Announcement> | undefined,
): Promise<void> {
  const deadlineMs = platform.now().getTime() + RUN_MS;
  if (announced === undefined) return deliverLeft(platform, deadlineMs);
  const webhooks = await platform.stores.webhooks.of(announced.namespace);
  const { deploymentId } = announced;
  await runAll(
    platform,
    webhooks.filter(({ enabled }) => enabled).map((webhook) => ({ webhook, deploymentId, deadlineMs })),
  );
}

async function deliverLeft(platform: Platform, deadlineMs: number): Promise<void> {
  const webhooks = await platform.stores.webhooks.all();
  const enabled = webhooks.filter((webhook) => webhook.enabled);
  await runAll(platform, await dueErrands(platform, enabled, deadlineMs));
  for (const webhook of enabled) {
    if (platform.now().getTime() > deadlineMs) return;
    await scan(platform, webhook, deadlineMs);
  }
}

async function dueErrands(
  platform: Platform,
  webhooks: readonly StoredWebhook[],
  deadlineMs: number,
): Promise<Errand[]> {
  const due = await platform.stores.webhooks.due(platform.now().toISOString(), DUE_AT_ONCE);
  const errands: Errand[] = [];
  for (const cursor of due) {
    const webhook = webhooks.find(({ id }) => id === cursor.webhookId);
    if (webhook === undefined) await forget(platform, cursor);
    else errands.push({ webhook, deploymentId: cursor.deploymentId, deadlineMs });
  }
  return errands;
}

/** Of a webhook that is gone or disabled: nothing of it is due any more. */
async function forget({ stores }: Platform, cursor: WebhookCursor): Promise<void> {
  const idle = { ...cursor, leaseUntil: null, nextAttemptAt: null, failingSince: null, attempts: 0 };
  try {
    await stores.commit([stores.webhooks.cursorWritten({ ...idle, revision: cursor.revision + 1 })]);
  } catch (error) {
    if (!(error instanceof WriteConflict)) throw error;
  }
}

/** Looks for deployments of which something happened since the scan before, whether or not it was announced. */
async function scan(platform: Platform, webhook: StoredWebhook, deadlineMs: number): Promise<void> {
  const { stores, now } = platform;
  const scannedUntil = now().toISOString();
  const status = await stores.webhooks.status(webhook.id);
  const from = Math.max(
    Date.parse(webhook.since),
    Date.parse(status.scannedUntil ?? webhook.since) - SCAN_OVERLAP_MS,
  );
  const deployments = new Set<string>();
  let cursor: string | undefined;
  do {
    const since = new Date(from).toISOString();
    const page = await stores.events.listNamespace(webhook.namespace, {
      limit: EVENTS_AT_ONCE,
      since,
      until: scannedUntil,
      cursor,
    });
    for (const { deploymentId } of page.items) deployments.add(deploymentId);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && now().getTime() < deadlineMs);
  await runAll(
    platform,
    [...deployments].map((deploymentId) => ({ webhook, deploymentId, deadlineMs })),
  );
  // Not where time was up: the next scan goes over it again.
  if (now().getTime() > deadlineMs) return;
  const newest = await stores.webhooks.status(webhook.id);
  await stores.commit([stores.webhooks.statusWritten(webhook.id, { ...newest, scannedUntil })]);
}

/** One that fails keeps none of the others from being told. */
async function runAll(platform: Platform, errands: readonly Errand[]): Promise<void> {
  const waiting = [...errands];
  const work = async (): Promise<void> => {
    for (let errand = waiting.shift(); errand !== undefined; errand = waiting.shift()) {
      try {
        await deliverEvents(platform, errand);
      } catch (error) {
        logger.error('Events were not delivered; the schedule tries again', {
          webhookId: errand.webhook.id,
          deploymentId: errand.deploymentId,
          runbook: 'webhook-delivery-failed',
          ...errorFields(error),
        });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}
