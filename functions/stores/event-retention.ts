/** Gives every event that is written the time to live that its namespace wants. */
import type { Write } from './database.ts';
import { EVENT_DAYS } from './events.ts';
import type { NamespaceStore } from './namespaces.ts';
import { tableShape } from './table.ts';

/** For so long a namespace is not asked again; events keep what was right then. */
const REMEMBERED_MS = 60_000;
const DAY_SECONDS = 86_400;

/** Writes as they were, but for the time to live of events. */
export function eventRetention(
  namespaces: Pick<NamespaceStore, 'get'>,
): (writes: readonly Write[]) => Promise<readonly Write[]> {
  const known = new Map<string, { readonly days: number; readonly until: number }>();

  async function daysIn(namespace: string): Promise<number> {
    const remembered = known.get(namespace);
    if (remembered !== undefined && remembered.until > Date.now()) return remembered.days;
    const days = (await namespaces.get(namespace))?.eventRetentionDays ?? EVENT_DAYS;
    known.set(namespace, { days, until: Date.now() + REMEMBERED_MS });
    return days;
  }

  async function kept(write: Write): Promise<Write> {
    const { announces, item } = write;
    if (announces === undefined || item.Put?.Item === undefined) return write;
    const days = await daysIn(announces.namespace);
    if (days === EVENT_DAYS) return write;
    const expiry = Number(item.Put.Item[tableShape.timeToLive]) + (days - EVENT_DAYS) * DAY_SECONDS;
    const Item = { ...item.Put.Item, [tableShape.timeToLive]: expiry };
    return { ...write, item: { Put: { ...item.Put, Item } } };
  }

  return (writes) => Promise.all(writes.map((write) => kept(write)));
}
