import { testRun } from 'headwater/testing';
import { describe, expect, test } from 'vitest';
import application from './application.ts';
import { createSimulation } from './simulation/simulation.ts';
import type { SimulatedPayment } from './simulation/simulation.ts';

const configuration = { stream: 'payments', table: 'results' };
const simulation = createSimulation({
  seed: 11,
  ratePerSecond: 20,
  skew: 1,
  lateShare: 0.02,
  corruptShare: 0,
});
const schedule = { index: 0, at: Date.UTC(2026, 10, 21, 12) };
const payments = Array.from({ length: 8000 }, (_, index) => simulation.payment(index, schedule));

interface Pane {
  readonly key: string;
  readonly start: number;
  readonly payments: number;
}

/** Counts as the table ends with: of every key and window the last row, and the late payments by themselves. */
function countsOf(panes: readonly Pane[], late: readonly SimulatedPayment[]): Map<string, number> {
  const counts = new Map(panes.map(({ key, start, payments: count }) => [`${key} ${start}`, count]));
  for (const payment of late) add(counts, payment);
  return counts;
}

function add(counts: Map<string, number>, { country, at }: SimulatedPayment): void {
  const window = `${country} ${Math.floor(at / 60_000) * 60_000}`;
  counts.set(window, (counts.get(window) ?? 0) + 1);
}

function expectedCounts(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const payment of payments) add(counts, payment);
  return counts;
}

const sorted = (counts: Map<string, number>): [string, number][] =>
  [...counts].sort(([a], [b]) => a.localeCompare(b));

describe('payments dashboard', () => {
  test('every payment is counted once in its minute, also one that is three minutes late', () => {
    const run = testRun(application, configuration, { payments }, { order: 'given' });
    const late = run.sink<SimulatedPayment>('late-payments');
    expect(late).toEqual([]);
    expect(sorted(countsOf(run.sink<Pane>('countries'), late))).toEqual(sorted(expectedCounts()));
  });

  test('counts stay the same when the job dies on the way and goes on with another parallelism', () => {
    const run = testRun(
      application,
      configuration,
      { payments },
      { order: 'given', parallelism: 1, crashAt: 4321, checkpointEvery: 500, rescaleTo: 3 },
    );
    const counts = countsOf(run.sink<Pane>('countries'), run.sink<SimulatedPayment>('late-payments'));
    expect(sorted(counts)).toEqual(sorted(expectedCounts()));
  });

  test('both views count the same payments', () => {
    const run = testRun(application, configuration, { payments }, { order: 'time' });
    const total = (sink: string): number =>
      [...countsOf(run.sink<Pane>(sink), []).values()].reduce((a, b) => a + b, 0);
    expect(total('countries')).toBe(payments.length);
    expect(total('sources')).toBe(payments.length);
  });

  test('a configuration without a table is refused with the name of the field', () => {
    expect(() => application.build({ stream: 'payments' } as never)).toThrow(/"table"/);
  });
});
