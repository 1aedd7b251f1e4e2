import { describe, expect, expectTypeOf, test } from 'vitest';
import { describeGraph } from '../graph/describe-graph.ts';
import { pushedSource, stubSink } from '../testing/stub-connectors.ts';
import { t } from '../data/built-in-types.ts';
import { application } from './application.ts';
import type { MatchOptions } from './match.ts';
import { type Pattern, pattern } from './pattern.ts';

const Bid = t.row({ auction: t.string, price: t.int });

interface Bid {
  readonly auction: string;
  readonly price: number;
}

type MatchOf<P> = P extends Pattern<Bid, infer M> ? { [N in keyof M]: M[N] } : never;

function nodeOf<M>(looked: Pattern<Bid, M>, options?: MatchOptions<Bid, M>) {
  const program = application('auctions', {
    build({ source }) {
      source('bids', pushedSource(Bid))
        .keyBy(({ auction }) => auction)
        .match('op', looked, options)
        .to(stubSink('out'), 'out');
    },
  });
  return describeGraph(program.build({})).nodes.find(({ name }) => name === 'op');
}

describe('the type of a pattern', () => {
  test('has a field per step: a record, a record or undefined, or a list', () => {
    const looked = pattern<Bid>()
      .begin('first')
      .next('maybe', { optional: true })
      .followedByAny('some', { times: [0, 3], consecutive: true })
      .followedBy('many', { oneOrMore: true })
      .notNext('never')
      .followedBy('last', { greedy: true, timesOrMore: 2 });
    expectTypeOf<MatchOf<typeof looked>>().toEqualTypeOf<{
      readonly first: Bid;
      readonly maybe: Bid | undefined;
      readonly some: readonly Bid[];
      readonly many: readonly Bid[];
      readonly last: readonly Bid[];
    }>();
  });

  test('has the fields of groups, as lists where a group may come repeatedly', () => {
    const pair = pattern<Bid>().begin('low').next('high', { optional: true }).next('more', { times: 2 });
    const once = pattern<Bid>().begin(pair, { optional: true }).next('end');
    expectTypeOf<MatchOf<typeof once>>().toEqualTypeOf<{
      readonly low: Bid | undefined;
      readonly high: Bid | undefined;
      readonly more: readonly Bid[];
      readonly end: Bid;
    }>();
    const often = pattern<Bid>().begin('start').followedBy(pair, { oneOrMore: true });
    expectTypeOf<MatchOf<typeof often>['high']>().toEqualTypeOf<readonly Bid[]>();
  });

  test('lets conditions see the steps before, their own as a list, and no others', () => {
    pattern<Bid>()
      .begin('first', { where: (bid, soFar) => soFar.first.length === 0 && bid.price > 0 })
      .followedBy('maybe', { optional: true, where: (bid, { first }) => bid.price > first.price })
      .followedBy('rising', {
        oneOrMore: true,
        where: (bid, { first, maybe, rising }) => {
          expectTypeOf(maybe).toEqualTypeOf<Bid | undefined>();
          return bid.price > (rising.at(-1) ?? maybe ?? first).price;
        },
        until: (bid, { rising }) => rising.length > 3 || bid.price === 0,
      })
      // @ts-expect-error -- a step that comes later has taken nothing
      .followedBy('end', { where: (bid, { later }) => bid.price > later.price })
      .followedBy('later');
  });

  test('has no options that are spelled wrong, and no absence that comes often', () => {
    // @ts-expect-error -- it is "oneOrMore"
    pattern<Bid>().begin('first', { oneOrMany: true });
    // @ts-expect-error -- what must not come has no number of times
    expect(() => pattern<Bid>().begin('a').notNext('b', { times: 2 })).toThrow('leave out all');
  });

  test('knows the steps that may be skipped to', () => {
    const looked = pattern<Bid>().begin('low').next('high');
    expect(nodeOf(looked, { skip: { toLast: 'high' } })?.description['skip']).toBe('to-last high');
    // @ts-expect-error -- the pattern has no such step
    expect(() => nodeOf(looked, { skip: { toFirst: 'middle' } })).toThrow(
      'Cannot add match "op": it skips to step "middle", the pattern has "low", "high"',
    );
  });
});

test('a pattern is described step by step', () => {
  const pair = pattern<Bid>().begin('low').next('high', { optional: true });
  const looked = pattern<Bid>()
    .begin('first')
    .followedBy(pair, { times: [2, 3] })
    .notFollowedBy('lower')
    .followedByAny('rising', { oneOrMore: true, greedy: true })
    .within('2 minutes');
  expect(nodeOf(looked, { skip: 'past-last' })).toMatchObject({
    kind: 'match',
    state: [{ name: 'matches', kind: 'matches', schema: 'ROW<`auction` STRING, `price` INT>' }],
    description: {
      pattern:
        'first, followed-by (low, next high [optional]) [2 to 3 times], not-followed-by lower, followed-by-any rising [1 or more times, greedy, within 120000 ms]',
      skip: 'past-last',
      time: 'event',
    },
  });
});

describe('a pattern is refused', () => {
  const start = pattern<Bid>().begin('a');
  const refused: readonly (readonly [what: string, make: () => unknown, message: string])[] = [
    ['with two steps of one name', () => start.next('a'), 'the pattern has a step "a" already'],
    ['with a step without a name', () => start.next(' '), 'it has no name'],
    [
      'with a name of a step inside of a group',
      () => pattern<Bid>().begin(start).next('a'),
      'the pattern has a step "a" already',
    ],
    ['with no times', () => start.next('b', { times: 0 }), 'give whole numbers above zero'],
    ['with more times at least than at most', () => start.next('b', { times: [3, 2] }), '3 to 2 times'],
    [
      'with two numbers of times',
      () => start.next('b', { times: 2, oneOrMore: true }),
      'it has "times" and "oneOrMore"; choose one',
    ],
    [
      'with one event that is consecutive',
      () => start.next('b', { consecutive: true }),
      'it takes one event',
    ],
    [
      'with events that are consecutive and combined',
      () => start.next('b', { times: 2, consecutive: true, allowCombinations: true }),
      'choose one of them',
    ],
    ['with one event that is greedy', () => start.next('b', { greedy: true }), 'it is greedy and takes one'],
    [
      'with greedy combinations',
      () => start.next('b', { oneOrMore: true, allowCombinations: true, greedy: true }),
      'it is greedy, and combinations leave events out',
    ],
    [
      'with an optional step behind a greedy one',
      () => start.next('b', { oneOrMore: true, greedy: true }).next('c', { optional: true }),
      'it is optional, and the step before is greedy',
    ],
    ['with an end of what has one', () => start.next('b', { times: 2, until: () => true }), '"until"'],
    [
      'with an absence behind an optional step',
      () => start.next('b', { optional: true }).notNext('c'),
      'it must not come, and the step before is optional',
    ],
    [
      'with a loop that may take nothing',
      () => start.next(pattern<Bid>().begin('b', { optional: true }), { oneOrMore: true }),
      'it could repeat without an event',
    ],
    [
      'with an absence at the end and no time',
      () => nodeOf(start.notFollowedBy('b')),
      'Cannot add match "op": its pattern ends with notFollowedBy "b" and has no end in time',
    ],
    [
      'with more time between two steps than for all',
      () => nodeOf(start.next('b', { withinPrevious: '9 seconds' }).within('5 seconds')),
      'the whole match may take 5000 ms; make the whole longer',
    ],
    ['with an async condition', () => start.next('b', { where: (async () => true) as never }), 'is async'],
  ];

  test.each(refused)('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
