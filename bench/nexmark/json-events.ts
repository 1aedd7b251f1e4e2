import { files } from '../../engine/connectors/files/index.ts';
import type { Source } from '../../engine/connectors/connector.ts';
import { type Infer, t } from '../../engine/index.ts';
import type { Event } from './events.ts';
import { sqlTimeMs } from './json-lines.ts';

/** An event as its JSON has it: times are texts without a zone. */
const JsonEvent = t.row({
  event_type: t.int,
  person: t.nullable(
    t.row({
      id: t.int,
      name: t.string,
      emailAddress: t.string,
      creditCard: t.string,
      city: t.string,
      state: t.string,
      dateTime: t.string,
      extra: t.string,
    }),
  ),
  auction: t.nullable(
    t.row({
      id: t.int,
      itemName: t.string,
      description: t.string,
      initialBid: t.int,
      reserve: t.int,
      dateTime: t.string,
      expires: t.string,
      seller: t.int,
      category: t.int,
      extra: t.string,
    }),
  ),
  bid: t.nullable(
    t.row({
      auction: t.int,
      bidder: t.int,
      price: t.int,
      channel: t.string,
      url: t.string,
      dateTime: t.string,
      extra: t.string,
    }),
  ),
});
export type JsonEvent = Infer<typeof JsonEvent>;

/** The lines of the one file in a folder, in its order. */
export function jsonEvents(folder: string): Source<JsonEvent> {
  return files({ location: folder, schema: JsonEvent, rangeBytes: Number.MAX_SAFE_INTEGER });
}

/** The event with its times as moments. */
export function eventOf({ event_type, person, auction, bid }: JsonEvent): Event {
  if (bid !== null) {
    return { event_type, person: null, auction: null, bid: { ...bid, dateTime: sqlTimeMs(bid.dateTime) } };
  }
  if (auction !== null) {
    const times = { dateTime: sqlTimeMs(auction.dateTime), expires: sqlTimeMs(auction.expires) };
    return { event_type, person: null, auction: { ...auction, ...times }, bid: null };
  }
  const known = person && { ...person, dateTime: sqlTimeMs(person.dateTime) };
  return { event_type, person: known, auction: null, bid: null };
}
