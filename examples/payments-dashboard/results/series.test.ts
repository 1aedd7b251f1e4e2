import { expect, test } from 'vitest';
import { toSeries } from './series.ts';

test('rows of windows become columns of equal length, with 0 where a key had nothing', () => {
  const rows = [
    { start: 120_000, key: 'DE', payments: 3, volume: 10.005 },
    { start: 60_000, key: 'FR', payments: 1, volume: 2 },
    { start: 60_000, key: 'DE', payments: 2, volume: 7 },
  ];
  expect(toSeries(rows, 60_000)).toEqual({
    stepMs: 60_000,
    starts: [60_000, 120_000],
    keys: {
      DE: { payments: [2, 3], volume: [7, 10.01] },
      FR: { payments: [1, 0], volume: [2, 0] },
    },
  });
});

test('no rows give an empty series', () => {
  expect(toSeries([], 10_000)).toEqual({ stepMs: 10_000, starts: [], keys: {} });
});
