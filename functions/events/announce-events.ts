/** Tells the function `webhooks` of events as soon as they are written. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { optionalSetting } from '../middleware/environment.ts';
import { errorFields, logger } from '../middleware/logging.ts';
import type { Write } from '../stores/database.ts';
import type { Stores } from '../stores/stores.ts';

/** Where something happened. */
export interface Announcement {
  readonly namespace: string;
  readonly deploymentId: string;
}

/** For so long one remembers whether a namespace has webhooks; what is missed meanwhile the schedule finds. */
const REMEMBERED_MS = 5000;

/** Stores that announce the events of every commit to `announce`, where a webhook wants to know of them. */
export function announcing(stores: Stores, announce: (of: Announcement) => Promise<void>): Stores {
  const known = new Map<string, { readonly hasAny: boolean; readonly until: number }>();

  async function hasWebhooks(namespace: string): Promise<boolean> {
    const remembered = known.get(namespace);
    if (remembered !== undefined && remembered.until > Date.now()) return remembered.hasAny;
    const hasAny = (await stores.webhooks.of(namespace)).some(({ enabled }) => enabled);
    known.set(namespace, { hasAny, until: Date.now() + REMEMBERED_MS });
    return hasAny;
  }

  return {
    ...stores,
    async commit(writes) {
      await stores.commit(writes);
      for (const announcement of announcementsOf(writes)) {
        try {
          if (await hasWebhooks(announcement.namespace)) await announce(announcement);
        } catch (error) {
          // What was written stands; the schedule finds it.
          logger.warn('Events were not announced', { ...announcement, ...errorFields(error) });
        }
      }
    },
  };
}

function announcementsOf(writes: readonly Write[]): Announcement[] {
  const announced = writes.flatMap(({ announces }) => announces ?? []);
  return [...new Map(announced.map((one) => [one.deploymentId, one])).values()];
}

let client: LambdaClient | undefined;

/** Asynchronously: nobody waits for a receiver of webhooks. */
export async function invokeDelivery(announcement: Announcement): Promise<void> {
  const FunctionName = optionalSetting('webhooks');
  if (FunctionName === undefined) return;
  client ??= new LambdaClient({});
  const Payload = JSON.stringify(announcement);
  await client.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
}
