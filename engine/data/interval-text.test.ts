import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { intervalText, parseInterval } from './interval-text.ts';

test('milliseconds and durations are the same in both directions', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e14, max: 1e14 }), (ms) => {
      expect(parseInterval(intervalText(ms))).toBe(ms);
    }),
  );
});

test.each([
  ['PT5M', 300_000],
  ['P1D', 86_400_000],
  ['-P1DT0.5S', -86_400_500],
  ['PT1H1.0019S', 3_601_001],
  ['PT0S', 0],
])('%s is %i ms', (text, ms) => {
  expect(parseInterval(text)).toBe(ms);
});

test.each(['P', 'PT', 'P1M', 'P1Y', 'P1W', '5 minutes', 'PT5', 'P1DT', 'PT.5S', ''])(
  '"%s" is no interval',
  (text) => {
    expect(parseInterval(text)).toBe(Number.NaN);
  },
);
