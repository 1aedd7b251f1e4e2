/** The append-only logs of deployments in the table: each for itself, and all of a namespace in the order of time. */
import { ulid } from '#contract/id.ts';
import { Event } from '#contract/resources/event.ts';
import type { Database, Write } from './database.ts';
import { written } from './database.ts';
import { readPage, readRange } from './page.ts';
import type { ListOf, Page, PageRequest } from './page.ts';
import { keys, partitions, prefixes, tableShape } from './table.ts';

/** Which events a list shows. */
export interface EventQuery extends PageRequest {
  readonly name?: readonly string[] | undefined;
  readonly severity?: readonly string[] | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly operation?: string | undefined;
}

/** Events by deployment, in the order of their ids. Nothing removes them but their time to live. */
export interface EventStore {
  list(deploymentId: string, query: EventQuery): Promise<Page<Event>>;
  /** Of all deployments of a namespace, also of those that are gone. */
  listNamespace(namespace: string, query: EventQuery): Promise<Page<Event>>;
  /** Of one deployment, the oldest first, from an id on. */
  from(deploymentId: string, eventId: string, limit: number): Promise<Event[]>;
  appended(event: Event): Write;
}

const BEGIN = '1970-01-01T00:00:00.000Z';
const END = '9999-12-31T23:59:59.999Z';
/** For as long events are kept where the namespace says nothing else. */
export const EVENT_DAYS = 400;

export function eventStore(database: Database): EventStore {
  return {
    list(deploymentId, query) {
      const partition = partitions.deployment(deploymentId);
      return listed(database, { partition, prefix: prefixes.event }, query);
    },
    listNamespace: (namespace, query) =>
      listed(database, { partition: partitions.events(namespace), prefix: '', index: true }, query),
    from: (deploymentId, eventId, limit) =>
      readRange(
        database,
        {
          partition: partitions.deployment(deploymentId),
          between: [prefixes.event + eventId, `${prefixes.event}~`],
          parse: (found) => Event.parse(found),
        },
        limit,
      ),
    appended(event) {
      const { deploymentId, id, namespace, at } = event;
      const item = {
        ...keys.event(deploymentId, id, namespace),
        ...event,
        [tableShape.timeToLive]: Math.ceil(Date.parse(at) / 1000) + EVENT_DAYS * 86_400,
      };
      return { ...written(database, 'event', item), announces: { namespace, deploymentId } };
    },
  };
}

function listed(
  database: Database,
  log: { readonly partition: string; readonly prefix: string; readonly index?: true },
  query: EventQuery,
): Promise<Page<Event>> {
  const { name, severity, operation, since = BEGIN, until = END } = query;
  if (Date.parse(since) > Date.parse(until)) return Promise.resolve({ items: [], next: null });
  const list: ListOf<Event> = {
    partition: log.partition,
    ...(log.index === true ? { index: true } : {}),
    // Ids begin with the time, so a span of time is a span of ids.
    between: [log.prefix + idAt(since, 0), log.prefix + idAt(until, 31)],
    filter: JSON.stringify([name, severity, operation, since, until]),
    parse: (found) => Event.parse(found),
    matches: (event) =>
      (name === undefined || name.includes(event.name)) &&
      (severity === undefined || severity.includes(event.severity)) &&
      (operation === undefined || event.operationId === operation),
  };
  return readPage(database, list, query);
}

/** The first or the last id that an event of this time could have. */
function idAt(timestamp: string, fill: 0 | 31): string {
  return ulid(Math.max(0, Date.parse(timestamp)), new Uint8Array(16).fill(fill));
}
