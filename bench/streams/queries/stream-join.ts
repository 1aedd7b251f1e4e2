import type { RecordBatch } from '../../../engine/data/record-batch.ts';
import { type Infer, t } from '../../../engine/index.ts';
import type { AuctionEvent } from '../events.ts';
import { type HandWritten, type Query, Tally } from '../query.ts';
import { type Lot, lotOf, lotsOf, type Offer, offerOf, offersOf } from './bids.ts';

const UPPER_MS = 2000;
/** Buffers are emptied a second at a time. */
const BUCKET_MS = 1000;

const Priced = t.row({ auction: t.int, category: t.int, price: t.int });
type Priced = Infer<typeof Priced>;

/** Like Nexmark's query 20: every auction with the bids of its first two seconds. */
export const streamJoin: Query = {
  name: 'stream join',
  shuffles: true,
  aim: 2e6,
  build: (events, sink) =>
    sink(
      lotsOf(events)
        .keyBy(({ id }) => id)
        .intervalJoin(
          offersOf(events).keyBy(({ auction }) => auction),
          { lower: '0 ms', upper: '2 seconds' },
        )
        .process('first-bids', {
          output: Priced,
          onPair({ id, category }, { price }, ctx) {
            ctx.emit({ auction: id, category, price });
          },
        }),
      figureOf,
    ),
  byHand: () => new Loop(),
};

function figureOf({ category, price }: Priced): number {
  return category + price;
}

interface Timed<T> {
  readonly value: T;
  readonly time: number;
}

class Loop implements HandWritten {
  readonly outcome = new Tally();
  readonly #auctions = new Buffer<Lot>(UPPER_MS);
  readonly #bids = new Buffer<Offer>(0);
  #watermark = -Infinity;

  batch({ values, times, size }: RecordBatch): void {
    for (let index = 0; index < size; index++) {
      const { auction, bid } = values[index] as AuctionEvent; // batches hold events
      const time = times[index] ?? 0;
      if (time < this.#watermark) continue;
      if (auction !== null) this.#addLot(lotOf(auction), time);
      else if (bid !== null) this.#addBid(offerOf(bid), time);
    }
  }

  watermark(watermark: number): void {
    this.#watermark = watermark;
    this.#auctions.dropBefore(watermark);
    this.#bids.dropBefore(watermark);
  }

  #addLot(auction: Lot, time: number): void {
    this.#auctions.add(auction.id, auction, time);
    const bids = this.#bids.of(auction.id);
    if (bids === undefined) return;
    for (const bid of bids) {
      if (bid.time >= time && bid.time <= time + UPPER_MS) this.#join(auction, bid.value);
    }
  }

  #addBid(bid: Offer, time: number): void {
    this.#bids.add(bid.auction, bid, time);
    const auctions = this.#auctions.of(bid.auction);
    if (auctions === undefined) return;
    for (const auction of auctions) {
      if (time >= auction.time && time <= auction.time + UPPER_MS) this.#join(auction.value, bid);
    }
  }

  #join({ id, category }: Lot, { price }: Offer): void {
    this.#write({ auction: id, category, price });
  }

  #write(row: Priced): void {
    this.outcome.add(figureOf(row));
  }
}

/** Records by key, until the watermark is further than `keptMs` behind them. */
class Buffer<T> {
  readonly #keptMs: number;
  readonly #byKey = new Map<number, Timed<T>[]>();
  readonly #keys = new Map<number, number[]>();

  constructor(keptMs: number) {
    this.#keptMs = keptMs;
  }

  of(key: number): readonly Timed<T>[] | undefined {
    return this.#byKey.get(key);
  }

  add(key: number, value: T, time: number): void {
    const list = this.#byKey.get(key);
    if (list === undefined) this.#byKey.set(key, [{ value, time }]);
    else list.push({ value, time });
    const bucket = Math.floor(time / BUCKET_MS);
    const keys = this.#keys.get(bucket);
    if (keys === undefined) this.#keys.set(bucket, [key]);
    else keys.push(key);
  }

  dropBefore(watermark: number): void {
    for (const [bucket, keys] of this.#keys) {
      const end = (bucket + 1) * BUCKET_MS;
      if (end + this.#keptMs > watermark) continue;
      for (const key of keys) this.#drop(key, end);
      this.#keys.delete(bucket);
    }
  }

  #drop(key: number, before: number): void {
    const list = this.#byKey.get(key);
    if (list === undefined) return;
    let kept = 0;
    for (const timed of list) if (timed.time >= before) list[kept++] = timed;
    list.length = kept;
    if (kept === 0) this.#byKey.delete(key);
  }
}
