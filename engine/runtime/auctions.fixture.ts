/**
 * An application of operators with two inputs, for the tests of the runtime: bids are joined with their auctions by
 * time, and what comes out is weighed by broadcast factors.
 */
import type { Sink } from '../connectors/connector.ts';
import { generator } from '../connectors/generator/index.ts';
import { application, map, t, value } from '../index.ts';
import type { RunnableApplication } from './application-ref.ts';

const Auction = t.row({ id: t.string, category: t.string, at: t.instant });
const Bid = t.row({ auction: t.string, price: t.int, at: t.instant });
const Factor = t.row({ category: t.string, weight: t.int, at: t.instant });
const Match = t.row({ category: t.string, price: t.int });
const Total = t.row({ key: t.string, start: t.int, payments: t.int, volume: t.int });

export interface AuctionOptions {
  readonly sink: Sink<never>;
  /** Times 2 auctions, times 6 bids. */
  readonly count: number;
  readonly ratePerSecond?: number;
  /** Sees every pair that is found; may throw. */
  readonly watch?: () => void;
}

const [AUCTION_SPLITS, BID_SPLITS, FACTORS, CATEGORIES] = [2, 3, 60, 5];
const START = 1_700_000_000_000;
const DISORDER_MS = 3000;
const [LOWER_MS, UPPER_MS] = [-20_000, 20_000];
/** Later than any record, so that its timers fire when both inputs have ended. */
const END = START + 86_400_000;

function noise(index: number, split: number): number {
  return (Math.imul(index * 7 + split + 1, 2_654_435_761) >>> 0) % 1_000_003;
}

function auctionOf(index: number, split: number) {
  const number = index * AUCTION_SPLITS + split;
  const at = START + index * 500 - (noise(index, split) % DISORDER_MS);
  return { id: `auction ${number}`, category: `C${number % CATEGORIES}`, at };
}

/** Two a split for every auction of a split, before and after theirs; some of them too early or too late. */
function bidOf(index: number, split: number) {
  const random = noise(index, split + AUCTION_SPLITS);
  const number = Math.max(0, index + 100 - (random % 200));
  const at = START + index * 250 - (random % DISORDER_MS);
  return { auction: `auction ${number}`, price: random % 100, at };
}

function factorOf(index: number) {
  return { category: `C${index % CATEGORIES}`, weight: index, at: START + index * 1000 };
}

export function auctionApplication({
  sink,
  count,
  watch,
  ratePerSecond = 2000,
}: AuctionOptions): RunnableApplication {
  const time = ({ at }: { readonly at: number }): number => at;
  const more = { time, ratePerSecond };
  return application('auctions', {
    build({ source }) {
      const waiting = { watermark: `${DISORDER_MS} ms` } as const;
      const auctions = generator({
        schema: Auction,
        record: auctionOf,
        count,
        splits: AUCTION_SPLITS,
        ...more,
      });
      const bids = generator({ schema: Bid, record: bidOf, count: 2 * count, splits: BID_SPLITS, ...more });
      const factors = source(
        'factors',
        generator({ schema: Factor, record: factorOf, count: FACTORS, ...more }),
      );
      source('auctions', auctions, waiting)
        .keyBy(({ id }) => id)
        .intervalJoin(
          source('bids', bids, waiting).keyBy(({ auction }) => auction),
          { lower: `${LOWER_MS} ms`, upper: `${UPPER_MS} ms`, upperExclusive: true },
        )
        .process('match', {
          output: Match,
          onPair({ category }, { price }, ctx) {
            watch?.();
            ctx.emit({ category, price });
          },
        })
        .keyBy(({ category }) => category)
        .connect(factors.broadcast({ weights: map(t.string, t.int) }))
        .process('weigh', {
          output: Total,
          state: { pairs: value(t.int), volume: value(t.int) },
          timers: ['end'],
          onRecord({ price }, { state, timers }) {
            state.pairs.set((state.pairs.get() ?? 0) + 1);
            state.volume.set((state.volume.get() ?? 0) + price);
            timers.end.set(END);
          },
          onBroadcast({ category, weight }, { broadcast: { weights } }) {
            weights.set(category, (weights.get(category) ?? 0) + weight);
          },
          onTimer(_, { key, state: { pairs, volume }, broadcast: { weights }, emit }) {
            const weight = weights.get(key) ?? 0;
            emit({ key, start: 0, payments: pairs.get() ?? 0, volume: (volume.get() ?? 0) * weight });
          },
        })
        .to(sink, 'totals');
    },
  });
}

/** What must come out, counted straight from the records: `category/0` → `pairs/weighed volume`. */
export function expectedMatches(count: number): ReadonlyMap<string, string> {
  const auctions = new Map(
    every(count, AUCTION_SPLITS, auctionOf).map((auction) => [auction.id, auction] as const),
  );
  const totals = new Map<string, { pairs: number; volume: number }>();
  for (const { auction: id, price, at } of every(2 * count, BID_SPLITS, bidOf)) {
    const auction = auctions.get(id);
    const after = at - (auction?.at ?? 0);
    if (auction === undefined || after < LOWER_MS || after >= UPPER_MS) continue;
    const { pairs, volume } = totals.get(auction.category) ?? { pairs: 0, volume: 0 };
    totals.set(auction.category, { pairs: pairs + 1, volume: volume + price });
  }
  const weights = Map.groupBy(every(FACTORS, 1, factorOf), ({ category }) => category);
  return new Map(
    [...totals]
      .map(([category, { pairs, volume }]) => {
        const weight = weights.get(category)?.reduce((sum, factor) => sum + factor.weight, 0) ?? 0;
        return [`${category}/0`, `${pairs}/${volume * weight}`] as const;
      })
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

function every<T>(count: number, splits: number, record: (index: number, split: number) => T): T[] {
  return Array.from({ length: count * splits }, (_, place) =>
    record(Math.floor(place / splits), place % splits),
  );
}
