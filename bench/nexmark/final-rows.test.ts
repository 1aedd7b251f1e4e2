import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bid, EventGenerator } from './events.ts';
import { digestOf, finalRows, type RowsDigest } from './final-rows.ts';
import { eventFolder, lineOf } from './json-lines.ts';
import type { QueryName } from './queries.ts';

const EVENTS = 100_000;
const stream = { seed: 1, rate: 1000, events: EVENTS };
const configuration = { ...stream, splits: 1, folder: '', warmUp: 0 };

/** Rows of Apache Flink 2.3.0 for the same events; see README.md. */
const flink = JSON.parse(readFileSync(new URL('expected/summary.json', import.meta.url), 'utf8')) as {
  readonly queries: Readonly<Record<string, RowsDigest>>;
};

const IN_FILES = ['q2', 'q3', 'q4', 'q5', 'q7', 'q8'] as const satisfies readonly QueryName[];
const BY_HASH = ['q0', 'q1', 'q11', 'q17', 'q18', 'q19', 'q20'] as const satisfies readonly QueryName[];

/** A query takes a second or two where nothing else runs. */
const TIMEOUT_MS = 60_000;

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'headwater-nexmark-'));
  process.env['HEADWATER_BENCH_CACHE'] = folder;
});

afterAll(() => {
  delete process.env['HEADWATER_BENCH_CACHE'];
  rmSync(folder, { recursive: true });
});

describe('the events', () => {
  test('are those of the definition, to the bit', () => {
    const generator = new EventGenerator({ seed: 1, rate: 100_000 });
    const digest = createHash('sha256');
    for (let number = 0; number < EVENTS; number++) digest.update(lineOf(generator.event(number)));
    expect(digest.digest('hex')).toBe(OF_THE_FIRST);
  });
});

describe('a query leaves the rows of Flink', { timeout: TIMEOUT_MS }, () => {
  test.each(IN_FILES)('%s from memory', async (query) => {
    const lines = await finalRows({ ...configuration, query });
    const expected = readFileSync(new URL(`expected/${query}.jsonl`, import.meta.url), 'utf8');
    expect(lines).toEqual(expected.split('\n').slice(0, -1));
  });

  test.each(BY_HASH)('%s from memory', async (query) => {
    expect(digestOf(await finalRows({ ...configuration, query }))).toEqual(flink.queries[query]);
  });

  test.each(['q4', 'q7', 'q18'] as const)('%s from JSON lines', async (query) => {
    const lines = await finalRows({ ...configuration, query, folder: eventFolder(stream) });
    expect(digestOf(lines)).toEqual(flink.queries[query]);
  });

  test('q4 from two splits in two subtasks of each vertex', async () => {
    expect(digestOf(await finalRows({ ...configuration, query: 'q4', splits: 2 }))).toEqual(
      flink.queries['q4'],
    );
  });
});

test('q9 leaves the highest and then earliest bid of every auction', { timeout: TIMEOUT_MS }, async () => {
  const lines = await finalRows({ ...configuration, query: 'q9' });
  const rows = lines.map((line) => JSON.parse(line) as { id: number; price: number; bid_time: string });
  expect(
    rows.map(({ id, price }) => [id, price]).toSorted(([left = 0], [right = 0]) => left - right),
  ).toEqual(winningPrices());
});

/** Looks at every bid of every auction; the rows of Flink are no oracle here, since it lists losing bids too. */
function winningPrices(): number[][] {
  const generator = new EventGenerator(stream);
  const events = Array.from({ length: EVENTS }, (_, number) => generator.event(number));
  const bids = Map.groupBy(
    events.flatMap(({ bid }) => (bid === null ? [] : [bid])),
    (bid: Bid) => bid.auction,
  );
  return events.flatMap(({ auction }) => {
    if (auction === null) return [];
    const { id, dateTime, expires } = auction;
    const prices = (bids.get(id) ?? [])
      .filter((bid) => bid.dateTime >= dateTime && bid.dateTime <= expires)
      .map(({ price }) => price);
    return prices.length === 0 ? [] : [[id, Math.max(...prices)]];
  });
}

/** sha256 of the first 100,000 lines. */
const OF_THE_FIRST = '3c12d8d3dfc63e2bd46aa397baa1f4f42c47a1e4eca00809633524b0471121b4';
