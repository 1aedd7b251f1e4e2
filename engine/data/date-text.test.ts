import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateText, daysOf, parseDate } from './date-text.ts';

test('days and dates of four-digit years are the same in both directions', () => {
  fc.assert(
    fc.property(fc.integer({ min: -719_162, max: 2_932_896 }), (days) => {
      expect(daysOf(dateText(days))).toBe(days);
    }),
  );
  expect([dateText(0), dateText(-1), daysOf('2026-11-21')]).toEqual(['1970-01-01', '1969-12-31', 20_778]);
});

test.each(['2026-02-29', '2026-13-01', '2026-1-1', '2026-11-21T00:00:00Z', '21.11.2026', ''])(
  '"%s" is no date',
  (text) => {
    expect(parseDate(text)).toBe(Number.NaN);
    expect(() => daysOf(text)).toThrow(`Cannot read date "${text}": write it as in "2026-11-21"`);
  },
);
