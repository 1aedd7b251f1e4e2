import { expect, expectTypeOf, test } from 'vitest';
import { Decimal } from './decimal.ts';
import { type Duration, ms, positiveMs } from './duration.ts';
import type { Infer } from './schema.ts';
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

const Trade = t.row({
  price: t.decimal(10, 2),
  settled: t.date,
  took: t.nullable(t.interval),
  by: t.map(t.date, t.int),
});

test('decimals, dates and intervals are types of TypeScript, SQL and JSON Schema alike', () => {
  expectTypeOf<Infer<typeof Trade>>().toEqualTypeOf<{
    price: Decimal;
    settled: number;
    took: number | null;
    by: Map<number, number>;
  }>();
  expect(Trade.sql).toBe(
    'ROW<`price` DECIMAL(10, 2), `settled` DATE, `took` INTERVAL DAY TO SECOND(3) NULL, `by` MAP<DATE, INT>>',
  );
  const schema = Trade['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }) ?? {};
  expect(schema['properties']).toMatchObject({
    price: { type: 'string', pattern: String.raw`^-?\d{1,8}(\.\d{1,2})?$` },
    settled: { type: 'string', format: 'date' },
  });
});

test('a decimal fits where no digit is lost, a date and an interval are whole numbers', () => {
  const good = { price: Decimal.of('12345678.9'), settled: -1, took: 300_000, by: new Map() };
  expect(Trade['~standard'].validate(good)).toEqual({ value: good });
  const wrong = { price: Decimal.of('1.005'), settled: 0.5, took: '5 minutes', by: new Map([['x', 1]]) };
  expect(Trade['~standard'].validate(wrong)).toEqual({
    issues: [
      {
        path: ['price'],
        message: 'must be a Decimal with at most 10 digits, 2 of them behind the point, is Decimal 1.005',
      },
      { path: ['settled'], message: 'must be a number of days since 1970, is 0.5' },
      { path: ['took'], message: 'must be a duration in ms, is "5 minutes"' },
      { path: ['by', 'x'], message: 'must be a number of days since 1970, is "x"' },
    ],
  });
});

test('a decimal of more digits than SQL has, and a map by anything but a primitive, are refused', () => {
  expect(() => t.decimal(39, 0)).toThrow('Cannot declare decimal(39, 0): the precision must be from 1 to 38');
  expect(() => t.decimal(4, 5)).toThrow(
    'Cannot declare decimal(4, 5): the scale must be from 0 to the precision',
  );
  // @ts-expect-error a Map finds objects by identity
  t.map(t.decimal(4, 2), t.int);
  // @ts-expect-error as above
  t.map(t.nullable(t.string), t.int);
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
