/** Webhooks in the table, with how far each has told the events of every deployment. */
import * as z from 'zod';
import { Timestamp, Ulid } from '#contract/resources/metadata.ts';
import { Webhook, WebhookDelivery, WebhookStatus } from '#contract/resources/webhook.ts';
import type { Database, Write } from './database.ts';
import { created, readItem, removedAt, replaced, written } from './database.ts';
import { readAll, readPage, readRange } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, prefixes, tableShape } from './table.ts';

/** A webhook as it is stored. The table is encrypted; the secret leaves it only as a signature. */
export const StoredWebhook = Webhook.omit({ status: true }).extend({
  secret: z.string(),
  /** Events from before are not told: when it was made, or enabled again. */
  since: Timestamp,
});
export type StoredWebhook = z.infer<typeof StoredWebhook>;

/** How far a webhook has told the events of one deployment. */
export const WebhookCursor = z.object({
  webhookId: Ulid,
  /** Where the webhook is found. */
  webhook: z.string(),
  namespace: z.string(),
  deploymentId: Ulid,
  /** The newest event that was told or was of no interest; null before the first. */
  position: Ulid.nullable(),
  /** Those told lately: an event may be written a moment after one with a higher id. */
  recent: z.array(Ulid),
  /** One process at a time tells the events of a deployment, so that they keep their order. */
  leaseUntil: Timestamp.nullable(),
  /** Failed tries of the event behind the position. */
  attempts: z.int().min(0),
  failingSince: Timestamp.nullable(),
  nextAttemptAt: Timestamp.nullable(),
  revision: z.int().min(1),
});
export type WebhookCursor = z.infer<typeof WebhookCursor>;

const StoredStatus = WebhookStatus.extend({ scannedUntil: Timestamp.nullable().default(null) });
/** The status with what only deliveries need to know. */
export type StoredStatus = z.infer<typeof StoredStatus>;

const unused: StoredStatus = {
  state: 'idle',
  lastDeliveredAt: null,
  lastFailedAt: null,
  lastError: null,
  scannedUntil: null,
};

/** Webhooks by namespace and name; cursors by webhook and deployment. */
export interface WebhookStore {
  get(namespace: string, name: string): Promise<StoredWebhook | undefined>;
  list(namespace: string, request: PageRequest): Promise<Page<StoredWebhook>>;
  /** Of one namespace. */
  of(namespace: string): Promise<StoredWebhook[]>;
  /** Of the whole platform. */
  all(): Promise<StoredWebhook[]>;
  created(webhook: StoredWebhook): Write;
  /** `webhook` carries its new revision. */
  replaced(webhook: StoredWebhook): Write;
  /** As it was read. */
  removed(webhook: StoredWebhook): Write;
  status(webhookId: string): Promise<StoredStatus>;
  /** Apart from the webhook, whose revision belongs to people. */
  statusWritten(webhookId: string, status: StoredStatus): Write;
  cursor(webhookId: string, deploymentId: string): Promise<WebhookCursor | undefined>;
  /** `cursor` carries its new revision. */
  cursorWritten(cursor: WebhookCursor): Write;
  /** Cursors whose next try is due, or whose holder has died. */
  due(at: string, limit: number): Promise<WebhookCursor[]>;
  deliveries(webhookId: string, request: PageRequest): Promise<Page<WebhookDelivery>>;
  delivered(webhookId: string, delivery: WebhookDelivery): Write;
}

const DELIVERY_KEPT_SECONDS = 7 * 86_400;

export function webhookStore(database: Database): WebhookStore {
  const item = (webhook: StoredWebhook) => ({
    ...keys.webhook(webhook.namespace, webhook.name, webhook.createdAt),
    ...webhook,
  });
  const parse = (found: unknown): StoredWebhook => StoredWebhook.parse(found);
  const inNamespace = (namespace: string) => ({
    partition: partitions.webhooks,
    prefix: `${namespace}#`,
    index: true,
    parse,
  });
  return {
    async get(namespace, name) {
      const found = await readItem(database, keys.webhook(namespace, name));
      return found === undefined ? undefined : parse(found);
    },
    list: (namespace, request) => readPage(database, inNamespace(namespace), request),
    of: (namespace) => readAll(database, inNamespace(namespace)),
    all: () => readAll(database, { partition: partitions.webhooks, index: true, parse }),
    created: (webhook) => created(database, 'webhook', item(webhook)),
    replaced: (webhook) => replaced(database, 'webhook', item(webhook), webhook.revision - 1),
    removed: ({ namespace, name, revision }) =>
      removedAt(database, 'webhook', keys.webhook(namespace, name), revision),
    async status(webhookId) {
      const found = await readItem(database, keys.webhookStatus(webhookId));
      return found === undefined ? unused : StoredStatus.parse(found);
    },
    statusWritten: (webhookId, status) =>
      written(database, 'webhook', { ...keys.webhookStatus(webhookId), ...status }),
    ...cursorsIn(database),
    deliveries: (webhookId, request) =>
      readPage(
        database,
        {
          partition: partitions.webhook(webhookId),
          prefix: prefixes.delivery,
          parse: (found) => WebhookDelivery.parse(found),
        },
        request,
      ),
    delivered: (webhookId, delivery) =>
      written(database, 'webhook', {
        ...keys.webhookDelivery(webhookId, delivery.id),
        ...delivery,
        [tableShape.timeToLive]: Math.ceil(Date.parse(delivery.at) / 1000) + DELIVERY_KEPT_SECONDS,
      }),
  };
}

function cursorsIn(database: Database): Pick<WebhookStore, 'cursor' | 'cursorWritten' | 'due'> {
  return {
    async cursor(webhookId, deploymentId) {
      const found = await readItem(database, keys.webhookCursor(webhookId, deploymentId));
      return found === undefined ? undefined : WebhookCursor.parse(found);
    },
    cursorWritten(cursor) {
      const { webhookId, deploymentId, leaseUntil, nextAttemptAt, revision } = cursor;
      const dueAt = leaseUntil ?? nextAttemptAt ?? undefined;
      const stored = { ...keys.webhookCursor(webhookId, deploymentId, dueAt), ...cursor };
      return revision === 1
        ? created(database, 'webhook', stored)
        : replaced(database, 'webhook', stored, revision - 1);
    },
    due: (at, limit) =>
      readRange(
        database,
        {
          partition: partitions.webhooksDue,
          index: true,
          between: ['0', `${at}~`],
          parse: (found) => WebhookCursor.parse(found),
        },
        limit,
      ),
  };
}
