import type { RecordBatch } from '../../../engine/data/record-batch.ts';
import { count, session } from '../../../engine/index.ts';
import type { AuctionEvent } from '../events.ts';
import { type HandWritten, type Query, Tally } from '../query.ts';
import { bidsOf } from './bids.ts';

const GAP_MS = 2000;

interface Row {
  readonly key: number;
  readonly start: number;
  readonly end: number;
  readonly bids: number;
}

/** Nexmark's query 11: bids of each bidder until there is none for two seconds. */
export const sessionCount: Query = {
  name: 'session count by key',
  shuffles: true,
  build: (events, sink) =>
    sink(
      bidsOf(events)
        .keyBy(({ bidder }) => bidder)
        .window(session('2 seconds'))
        .aggregate('per-session', { bids: count() }),
      figureOf,
    ),
  byHand: () => new Loop(),
};

function figureOf({ start, end, bids }: Pick<Row, 'start' | 'end' | 'bids'>): number {
  return end - start + bids;
}

interface Session {
  readonly key: number;
  start: number;
  end: number;
  bids: number;
  /** The session of the key before this one; it waits for its end, too. */
  earlier: Session | undefined;
  /** Another one has taken it in. */
  merged: boolean;
}

/** A session that grew is looked at again when it is due, instead of moving its timer with every record. */
class Loop implements HandWritten {
  readonly outcome = new Tally();
  readonly #newest = new Map<number, Session>();
  readonly #due = new Map<number, Session[]>();
  #nextDue = Number.NaN;
  #watermark = -Infinity;

  batch({ values, times, size }: RecordBatch): void {
    for (let index = 0; index < size; index++) {
      const { bid } = values[index] as AuctionEvent; // batches hold events
      const time = times[index] ?? 0;
      if (bid !== null && time + GAP_MS - 1 > this.#watermark) this.#add(bid.bidder, time);
    }
  }

  watermark(watermark: number): void {
    this.#watermark = watermark;
    for (; this.#nextDue <= watermark; this.#nextDue++) {
      const sessions = this.#due.get(this.#nextDue);
      if (sessions === undefined) continue;
      this.#due.delete(this.#nextDue);
      for (const session of sessions) {
        if (session.merged) continue;
        if (session.end - 1 > this.#nextDue) this.#schedule(session);
        else this.#fire(session);
      }
    }
  }

  #add(key: number, time: number): void {
    const end = time + GAP_MS;
    const newest = this.#newest.get(key);
    if (newest === undefined || time > newest.end) {
      this.#open({ key, start: time, end, bids: 1, earlier: newest, merged: false });
    } else if (time >= newest.start) {
      newest.bids += 1;
      if (end > newest.end) newest.end = end;
    } else {
      this.#addBefore(newest, time);
    }
  }

  #open(session: Session): void {
    this.#newest.set(session.key, session);
    this.#schedule(session);
  }

  /** The record came late enough to begin before the newest session of its key. */
  #addBefore(newest: Session, time: number): void {
    const end = time + GAP_MS;
    let later: Session | undefined;
    let place: Session | undefined = newest;
    while (place !== undefined && place.start > end) {
      later = place;
      place = place.earlier;
    }
    if (place === undefined || place.end < time) {
      const session = { key: newest.key, start: time, end, bids: 1, earlier: place, merged: false };
      if (later === undefined) this.#newest.set(newest.key, session);
      else later.earlier = session;
      this.#schedule(session);
      return;
    }
    place.bids += 1;
    place.start = Math.min(place.start, time);
    place.end = Math.max(place.end, end);
    for (let { earlier } = place; earlier !== undefined && earlier.end >= place.start;) {
      place.bids += earlier.bids;
      place.start = earlier.start;
      earlier.merged = true;
      earlier = earlier.earlier;
      place.earlier = earlier;
    }
  }

  #schedule(session: Session): void {
    const at = session.end - 1;
    const sessions = this.#due.get(at);
    if (sessions === undefined) this.#due.set(at, [session]);
    else sessions.push(session);
    if (!(at >= this.#nextDue)) this.#nextDue = at;
  }

  /** The sessions of a key end in their order, so there is none before this one. */
  #fire(session: Session): void {
    const { key, start, end, bids } = session;
    const newest = this.#newest.get(key);
    if (newest === session) this.#newest.delete(key);
    else if (newest !== undefined) {
      let later = newest;
      while (later.earlier !== undefined && later.earlier !== session) later = later.earlier;
      later.earlier = undefined;
    }
    this.#write({ key, start, end, bids });
  }

  #write(row: Row): void {
    this.outcome.add(figureOf(row));
  }
}
