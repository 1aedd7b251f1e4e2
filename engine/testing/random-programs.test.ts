import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { actual, expected } from './naive-oracle.fixture.ts';
import { applicationOf, type Program, programs, type Reading, readings } from './random-program.fixture.ts';
import { testRun, type TestRunOptions } from './test-run.ts';

/** A failure prints its seed and the smallest program and input that fast-check found. */
const runs = { numRuns: 80 };
const TIMEOUT_MS = 30_000;

/** How far records may be out of order. */
const ALLOWANCE_MS = 5000;
const SOURCES = ['web', 'app', 'till'];

const parallelisms = fc.integer({ min: 1, max: 4 });

test(
  'random programs compute what a naive oracle does, in any order of their records',
  () => {
    fc.assert(
      fc.property(programs, readings, parallelisms, (program, records, parallelism) => {
        const rows = run(program, { web: records }, { order: 'given', parallelism, watermark: '2 minutes' });
        expect(actual(program, rows)).toEqual(expected(program, records));
      }),
      runs,
    );
  },
  TIMEOUT_MS,
);

test(
  'partitions interleaved by chance, out of order within the bound, give what sorted records give',
  () => {
    const jitters = fc.array(fc.integer({ min: 0, max: ALLOWANCE_MS }), { minLength: 40, maxLength: 40 });
    const seeds = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(programs, readings, jitters, seeds, (program, records, jitter, interleave) => {
        const feeds = partitioned(outOfOrder(records, jitter));
        const rows = run(program, feeds, { interleave, parallelism: 2, watermark: `${ALLOWANCE_MS} ms` });
        expect(actual(program, rows)).toEqual(expected(program, records));
      }),
      runs,
    );
  },
  TIMEOUT_MS,
);

test(
  'jobs that die anywhere and go on at any parallelism give what undisturbed ones give',
  () => {
    const crashes = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), parallelisms), { maxLength: 4 });
    const pace = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(programs, readings, crashes, pace, (program, records, deaths, checkpointEvery) => {
        const sorted = records.toSorted((left, right) => left.at - right.at);
        const rows = run(program, partitioned(sorted), {
          crashAt: deaths.map(([at]) => at),
          rescaleTo: deaths.map(([, parallelism]) => parallelism),
          checkpointEvery,
          watermark: '0 ms',
        });
        expect(actual(program, rows)).toEqual(expected(program, records));
      }),
      runs,
    );
  },
  TIMEOUT_MS,
);

test(
  'a snapshot anywhere is a point from which the rest can be run at any parallelism',
  () => {
    const cuts = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(programs, readings, cuts, parallelisms, (program, records, cut, parallelism) => {
        const sorted = records.toSorted((left, right) => left.at - right.at);
        const at = Math.floor(cut * sorted.length);
        const application = applicationOf(program, ['web'], '0 ms');
        const before = testRun(application, {}, { web: sorted.slice(0, at) }, { end: false, parallelism: 3 });
        const restore = before.snapshot();
        const after = testRun(application, {}, { web: sorted.slice(at) }, { restore, parallelism });
        const rows = [...before.sink('out'), ...after.sink('out')];
        expect(actual(program, rows)).toEqual(expected(program, records));
      }),
      runs,
    );
  },
  TIMEOUT_MS,
);

function run(
  program: Program,
  feeds: Readonly<Record<string, readonly Reading[]>>,
  { watermark, ...options }: TestRunOptions & { readonly watermark: `${number} ms` | `${number} minutes` },
): readonly unknown[] {
  return testRun(applicationOf(program, Object.keys(feeds), watermark), {}, feeds, options).sink('out');
}

/** Sorted by time and then moved back by at most the allowance, so that none is late. */
function outOfOrder(records: readonly Reading[], jitter: readonly number[]): readonly Reading[] {
  return records
    .map((record, index) => ({ record, at: record.at + (jitter[index] ?? 0) }))
    .toSorted((left, right) => left.at - right.at)
    .map(({ record }) => record);
}

/** One record for each source in turn. */
function partitioned(records: readonly Reading[]): Readonly<Record<string, readonly Reading[]>> {
  return Object.fromEntries(
    SOURCES.map((source, index) => [source, records.filter((_, at) => at % SOURCES.length === index)]),
  );
}
