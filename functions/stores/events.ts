/** The append-only logs of deployments in the table. */
import { Event } from '#contract/resources/event.ts';
import type { Database, Write } from './database.ts';
import { written } from './database.ts';
import { readPage } from './page.ts';
import type { Page, PageRequest } from './page.ts';
import { keys, partitions, prefixes } from './table.ts';

/** Events by deployment, in the order of their ids. */
export interface EventStore {
  list(deploymentId: string, request: PageRequest): Promise<Page<Event>>;
  appended(event: Event): Write;
}

export function eventStore(database: Database): EventStore {
  return {
    list: (deploymentId, request) =>
      readPage(
        database,
        {
          partition: partitions.deployment(deploymentId),
          prefix: prefixes.event,
          parse: (found) => Event.parse(found),
        },
        request,
      ),
    appended: (event) =>
      written(database, 'event', { ...keys.event(event.deploymentId, event.id), ...event }),
  };
}
