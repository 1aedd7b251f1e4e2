import { expect, test } from 'vitest';
import { type Duration, ms, positiveMs } from './duration.ts';
import { t } from './built-in-types.ts';

const Payment = t.row({
  id: t.string,
  amount: t.double,
  currency: t.enum('EUR', 'GBP'),
  tags: t.array(t.string),
  note: t.nullable(t.string),
  at: t.instant,
});

test('a type says what it is in SQL', () => {
  expect(Payment.sql).toBe(
    'ROW<`id` STRING, `amount` DOUBLE, `currency` STRING, `tags` ARRAY<STRING>, `note` STRING NULL, `at` TIMESTAMP_LTZ(3)>',
  );
});

test('a validation finds every fault and the way to it', () => {
  const good = { id: 'a', amount: 1, currency: 'EUR', tags: ['x'], note: null, at: 0 };
  expect(Payment['~standard'].validate(good)).toEqual({ value: good });
  expect(
    Payment['~standard'].validate({ ...good, currency: 'USD', tags: ['x', 1], at: 0.5, id: undefined }),
  ).toEqual({
    issues: [
      { path: ['id'], message: 'is missing; it must be a string' },
      { path: ['currency'], message: 'must be one of "EUR", "GBP", is "USD"' },
      { path: ['tags', 1], message: 'must be a string, is 1' },
      { path: ['at'], message: 'must be a time in ms since 1970, is 0.5' },
    ],
  });
});

test('a type says what it is in JSON Schema', () => {
  expect(
    t.row({ limit: t.nullable(t.int) })['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }),
  ).toEqual({
    type: 'object',
    properties: { limit: { anyOf: [{ type: 'integer' }, { type: 'null' }] } },
    required: ['limit'],
    additionalProperties: false,
  });
});

test('a duration reads as ms, and what is none is refused with the remedy', () => {
  expect([ms('250 ms'), ms('1 second'), ms('1.5 minutes'), ms('2 hours'), ms('7 days')]).toEqual([
    250, 1000, 90_000, 7_200_000, 604_800_000,
  ]);
  for (const wrong of ['5 parsecs', '5', 'x ms', '-1 second', '0.1 ms', ' ms']) {
    expect(() => ms(wrong as Duration)).toThrow(
      `Cannot read duration "${wrong}": write a number and one of ms`,
    );
  }
  expect(() => positiveMs('0 ms', 'window size')).toThrow(
    'Cannot use window size of "0 ms": it must be above zero',
  );
});
