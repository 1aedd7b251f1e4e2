import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInstant } from './instant-text.ts';

describe('parseInstant', () => {
  test('reads what toISOString writes, for every time of four-digit years', () => {
    const times = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(times, (time) => parseInstant(time.toISOString()) === time.getTime()));
  });

  test.each([
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T10:00Z', '2026-11-21T10:00:00.000Z'],
    ['2026-11-21T10:00:00+02:00', '2026-11-21T08:00:00.000Z'],
    ['2026-11-21T10:00:00,5-0130', '2026-11-21T11:30:00.500Z'],
    ['2026-11-21T10:00:00.123456789Z', '2026-11-21T10:00:00.123Z'],
  ])('takes %s for %s', (text, iso) => {
    expect(parseInstant(text)).toBe(Date.parse(iso));
  });

  test.each([
    '2026-11-21',
    '2026-11-21T10:00:00',
    '2026-02-30T10:00:00.000Z',
    '2026-13-01T10:00:00.000Z',
    '2026-11-21T24:00:00.000Z',
    '2026-11-21T10:60:00.000Z',
    '2026-11-21T10:00:0x.000Z',
    '2026-11-21T10-00:00.000Z',
    '2026-11-21 10:00:00.000Z',
    'Sat Nov 21 2026',
    '',
  ])('takes "%s" for no time', (text) => {
    // Twice, since a date is remembered.
    expect([parseInstant(text), parseInstant(text)]).toEqual([Number.NaN, Number.NaN]);
  });
});
