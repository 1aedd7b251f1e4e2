import { describe, expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { describeGraph } from '../graph/describe-graph.ts';
import { harness } from '../testing/harness.ts';
import { stubSink, stubSource } from '../testing/stub-connectors.ts';
import { application } from './application.ts';
import type { IntervalBounds } from './joins.ts';
import type { Stream } from './stream.ts';
import { triggers } from './triggers.ts';
import { tumbling } from './windows.ts';

const Auction = t.row({ id: t.string, item: t.string, at: t.instant });
const Bid = t.row({ auction: t.string, price: t.double, at: t.instant });
const Priced = t.row({ item: t.string, price: t.double, after: t.int });
interface Auction {
  readonly id: string;
  readonly item: string;
  readonly at: number;
}
interface Bid {
  readonly auction: string;
  readonly price: number;
  readonly at: number;
}

const TEN_SECONDS: IntervalBounds = { lower: '0 ms', upper: '10 seconds', upperExclusive: true };

function bidsInTime(auctions: Stream<Auction>, bids: Stream<Bid>, bounds = TEN_SECONDS) {
  return auctions
    .keyBy((auction) => auction.id)
    .intervalJoin(
      bids.keyBy((bid) => bid.auction),
      bounds,
    )
    .process('in-time', {
      output: Priced,
      outputs: { first: t.string },
      onPair(auction, bid, ctx) {
        if (ctx.rightTime === ctx.leftTime) ctx.side('first', ctx.key);
        ctx.emit({ item: auction.item, price: bid.price, after: ctx.rightTime - ctx.leftTime });
      },
    });
}

const driven = () => harness((auctions: Stream<Auction>, bids: Stream<Bid>) => bidsInTime(auctions, bids));

function graphOf(build: (auctions: Stream<Auction>, bids: Stream<Bid>) => Pick<Stream<never>, 'to'>) {
  return application('auctions', {
    build({ source }) {
      const auctions = source(
        'auctions',
        stubSource(Auction, (auction) => auction.at),
      );
      const bids = source(
        'bids',
        stubSource(Bid, (bid) => bid.at),
      );
      build(auctions, bids).to(stubSink('out'), 'out');
    },
  }).build({});
}

describe('an interval join', () => {
  test('pairs records as soon as both are there, with the later time', () => {
    const join = driven();
    join.pushSecond({ auction: 'a', price: 1, at: 0 }, 1000);
    join.push({ id: 'a', item: 'lamp', at: 0 }, 1000);
    join.pushSecond({ auction: 'a', price: 2, at: 0 }, 10_999);
    join.pushSecond({ auction: 'a', price: 3, at: 0 }, 11_000);
    join.pushSecond({ auction: 'b', price: 4, at: 0 }, 2000);
    expect(join.timedOutput()).toEqual([
      { value: { item: 'lamp', price: 1, after: 0 }, time: 1000 },
      { value: { item: 'lamp', price: 2, after: 9999 }, time: 10_999 },
    ]);
    expect(join.side('first')).toEqual(['a']);
  });

  test('sends late records aside and counts them', () => {
    const join = driven();
    join.watermark(5000);
    const [auction, bid] = [
      { id: 'a', item: 'lamp', at: 0 },
      { auction: 'a', price: 1, at: 0 },
    ];
    join.push(auction, 4999);
    join.pushSecond(bid, 4999);
    join.push(auction, 5000);
    expect([join.output(), join.side('lateLeft'), join.side('lateRight')]).toEqual([[], [auction], [bid]]);
    expect(join.lateRecords).toBe(2);
  });

  test('keeps what may yet be paired over a restart with more and fewer subtasks', () => {
    const join = driven();
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    ids.forEach((id, index) => join.push({ id, item: id, at: 0 }, index * 1000));
    join.restore(join.snapshot(), { parallelism: 3 });
    // The watermark ends the lives of "a" and "b", whose last bid would be that of 10,999.
    join.watermark(11_000);
    join.restore(join.snapshot(), { parallelism: 2 });
    ids.forEach((auction, index) => join.pushSecond({ auction, price: index, at: 0 }, index * 1000 + 9000));
    expect(join.output().map(({ item }) => item)).toEqual(['c', 'd', 'e', 'f']);
  });

  test('fails on a record without event time', () => {
    expect(() => driven().push({ id: 'a', item: 'lamp', at: 0 })).toThrow(
      'Operator "in-time" failed: The record has no event time, and an interval join compares times',
    );
  });

  test('describes its bounds, its inputs and what it keeps of them', () => {
    const { nodes } = describeGraph(graphOf((auctions, bids) => bidsInTime(auctions, bids)));
    expect(nodes[2]).toMatchObject({
      kind: 'interval-join',
      description: { left: 'auctions', right: 'bids', bounds: '[0 ms, 10 seconds)' },
      state: [
        {
          name: 'left',
          kind: 'join-buffer',
          schema: 'ROW<`id` STRING, `item` STRING, `at` TIMESTAMP_LTZ(3)>',
        },
        { name: 'right', kind: 'join-buffer' },
      ],
    });
  });

  test('is refused with bounds that make no sense', () => {
    const joining = (bounds: object) => () =>
      graphOf((auctions, bids) => bidsInTime(auctions, bids, bounds as IntervalBounds)); // as JavaScript may
    expect(joining({ lower: '1 minute', upper: '-1 minute' })).toThrow(
      'Cannot add interval-join "in-time": lower "1 minute" is above upper "-1 minute", so that nothing could join; exchange them',
    );
    expect(joining({ ...TEN_SECONDS, time: 'processing' })).toThrow(
      'Cannot add interval-join "in-time": it compares the times of records, and time is "processing"; leave "time" out and give the sources event time',
    );
    expect(joining({ lower: 'soon', upper: '1 minute' })).toThrow('Cannot read duration "soon"');
    expect(() =>
      graphOf((auctions, bids) =>
        auctions
          .keyBy((auction) => auction.id)
          .intervalJoin(
            bids.keyBy((bid) => bid.auction),
            TEN_SECONDS,
          )
          .process('j', { output: t.int, outputs: { lateLeft: t.int }, onPair: () => undefined }),
      ),
    ).toThrow('side output "lateLeft" is its own, of late records; call yours otherwise');
  });
});

describe('a join within windows', () => {
  const paired = (auctions: Stream<Auction>, bids: Stream<Bid>) =>
    auctions
      .keyBy((auction) => auction.id)
      .windowJoin(
        bids.keyBy((bid) => bid.auction),
        tumbling('10 seconds'),
      )
      .join('paired', (auction, bid) => `${auction.item} ${bid.price}`);

  test('gives every pair of a key and window, once the window ends', () => {
    const join = harness(paired);
    join.push({ id: 'a', item: 'lamp', at: 0 }, 1000);
    join.push({ id: 'a', item: 'desk', at: 0 }, 2000);
    join.pushSecond({ auction: 'a', price: 1, at: 0 }, 9999);
    join.pushSecond({ auction: 'a', price: 2, at: 0 }, 10_000);
    join.watermark(9998);
    expect(join.output()).toEqual([]);
    join.restore(join.snapshot(), { parallelism: 3 });
    join.watermark(9999);
    expect(join.timedOutput()).toEqual([
      { value: 'lamp 1', time: 9999 },
      { value: 'desk 1', time: 9999 },
    ]);
    join.pushSecond({ auction: 'a', price: 3, at: 0 }, 9999);
    expect([join.output(), join.lateRecords]).toEqual([[], 1]);
  });

  test('tells of sides that stay empty when it is a co-group', () => {
    const join = harness((auctions: Stream<Auction>, bids: Stream<Bid>) =>
      auctions
        .keyBy((auction) => auction.id)
        .coGroup(
          bids.keyBy((bid) => bid.auction),
          tumbling('10 seconds'),
        )
        .process('groups', {
          output: t.string,
          onWindow(lefts, rights, ctx) {
            ctx.emit(`${ctx.key} ${lefts.length}:${rights.length}`);
          },
        }),
    );
    join.push({ id: 'a', item: 'lamp', at: 0 }, 1000);
    join.pushSecond({ auction: 'b', price: 1, at: 0 }, 2000);
    join.watermark(10_000);
    expect(join.output().toSorted()).toEqual(['a 1:0', 'b 0:1']);
  });

  test('describes its windows and its inputs', () => {
    const { nodes } = describeGraph(graphOf(paired));
    expect(nodes[2]).toMatchObject({
      name: 'paired',
      inputs: [
        { from: 'auctions', exchange: 'hash' },
        { from: 'bids', exchange: 'hash' },
      ],
      description: { left: 'auctions', right: 'bids', window: 'tumbling 10 seconds' },
    });
  });
});

/** Mistakes that TypeScript refuses; never run. */
export function refusedByTypes(auctions: Stream<Auction>, bids: Stream<Bid>): void {
  const byId = auctions.keyBy((auction) => auction.id);
  const byAuction = bids.keyBy((bid) => bid.auction);
  const byPrice = bids.keyBy((bid) => bid.price);
  // @ts-expect-error keys of different types
  byId.intervalJoin(byPrice, TEN_SECONDS);
  // @ts-expect-error a join needs keys on both sides
  byId.intervalJoin(bids, TEN_SECONDS);
  // @ts-expect-error nor is there an order of processing time between streams
  byId.intervalJoin(byAuction, { ...TEN_SECONDS, time: 'processing' });
  // @ts-expect-error bounds are lengths of time
  byId.intervalJoin(byAuction, { lower: 0, upper: 10 });
  // @ts-expect-error the right records have no item
  byId.windowJoin(byAuction, tumbling('1 hour')).join('a', (_, bid) => bid.item);
  // @ts-expect-error keys of different types
  byId.coGroup(byPrice, tumbling('1 hour'));
  const trigger = triggers.delta(1, (last: Auction, now: Auction) => now.at - last.at);
  // @ts-expect-error a trigger sees the records of both sides
  byId.windowJoin(byAuction, tumbling('1 hour'), { trigger });
}
