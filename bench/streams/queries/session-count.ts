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
  start: number;
  end: number;
  bids: number;
}

/** A session that grew is looked at again when it is due, instead of moving its timer with every record. */
class Loop implements HandWritten {
  readonly outcome = new Tally();
  readonly #sessions = new Map<number, Session[]>();
  readonly #due = new Map<number, number[]>();
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
      const keys = this.#due.get(this.#nextDue);
      if (keys === undefined) continue;
      this.#due.delete(this.#nextDue);
      for (const key of keys) this.#fire(key, this.#nextDue);
    }
  }

  #add(key: number, time: number): void {
    const open = this.#sessions.get(key);
    const end = time + GAP_MS;
    if (open === undefined) {
      this.#sessions.set(key, [{ start: time, end, bids: 1 }]);
      this.#schedule(key, end - 1);
      return;
    }
    let grown: Session | undefined;
    for (let index = open.length - 1; index >= 0; index--) {
      const other = open[index];
      if (other === undefined || time > other.end || end < other.start) continue;
      if (grown === undefined) {
        grown = other;
        grown.bids += 1;
        grown.start = Math.min(grown.start, time);
        grown.end = Math.max(grown.end, end);
      } else {
        grown.bids += other.bids;
        grown.start = Math.min(grown.start, other.start);
        grown.end = Math.max(grown.end, other.end);
        open.splice(index, 1);
      }
    }
    if (grown !== undefined) return;
    open.push({ start: time, end, bids: 1 });
    this.#schedule(key, end - 1);
  }

  #schedule(key: number, at: number): void {
    const keys = this.#due.get(at);
    if (keys === undefined) this.#due.set(at, [key]);
    else keys.push(key);
    if (!(at >= this.#nextDue)) this.#nextDue = at;
  }

  #fire(key: number, now: number): void {
    const open = this.#sessions.get(key);
    if (open === undefined) return;
    for (let index = open.length - 1; index >= 0; index--) {
      const { start, end, bids } = open[index] ?? { start: 0, end: Infinity, bids: 0 };
      if (end - 1 > now) continue;
      this.#write({ key, start, end, bids });
      open.splice(index, 1);
    }
    if (open.length === 0) this.#sessions.delete(key);
    else for (const { end } of open) this.#schedule(key, end - 1);
  }

  #write(row: Row): void {
    this.outcome.add(figureOf(row));
  }
}
