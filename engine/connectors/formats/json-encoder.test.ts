import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { t } from '../../data/built-in-types.ts';
import { Decimal } from '../../data/decimal.ts';
import { recordBatch } from '../../data/record-batch.ts';
import type { Schema } from '../../data/schema.ts';
import { jsonEncoder } from './json-encoder.ts';
import { jsonDecoder } from './json.ts';

const text = (schema: Schema | undefined, value: unknown): string =>
  Buffer.from(jsonEncoder(schema)(value)).toString();

const Line = t.row({ sku: t.string, price: t.decimal(38, 3), discount: t.nullable(t.double) });
const Order = t.row({
  id: t.bigint,
  at: t.instant,
  day: t.date,
  took: t.interval,
  currency: t.enum('EUR', 'GBP'),
  paid: t.boolean,
  lines: t.array(Line),
  byDay: t.map(t.date, t.array(t.map(t.string, t.nullable(Line)))),
  byNumber: t.map(t.int, t.bigint),
  customer: t.row({ name: t.string, address: t.row({ zip: t.nullable(t.string) }) }),
  blob: t.bytes,
});

const line = fc.record({
  sku: fc.string(),
  price: fc
    .bigInt({ min: -(10n ** 37n), max: 10n ** 37n })
    .map((unscaled) => Decimal.ofUnscaled(unscaled, 3)),
  // JSON has no negative zero: JSON.stringify writes 0.
  discount: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0)),
});
const day = fc.integer({ min: -700_000, max: 2_900_000 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const order = fc.record({
  id: int64,
  at: fc.maxSafeInteger(),
  day,
  took: fc.integer(),
  currency: fc.constantFrom('EUR', 'GBP'),
  paid: fc.boolean(),
  lines: fc.array(line, { maxLength: 3 }),
  byDay: mapOf(day, fc.array(mapOf(fc.string(), fc.option(line)), { maxLength: 2 })),
  byNumber: mapOf(fc.integer(), int64),
  customer: fc.record({ name: fc.string(), address: fc.record({ zip: fc.option(fc.string()) }) }),
  blob: fc.uint8Array(),
});

function mapOf<K, V>(key: fc.Arbitrary<K>, value: fc.Arbitrary<V>): fc.Arbitrary<Map<K, V>> {
  return fc.array(fc.tuple(key, value), { maxLength: 2 }).map((entries) => new Map(entries));
}

describe('a JSON encoder', () => {
  test('writes what the decoder of the same schema reads back, however deep it is nested', () => {
    const decoder = jsonDecoder(Order);
    const batch = recordBatch();
    const encode = jsonEncoder(Order);
    fc.assert(
      // fast-check's records have no prototype.
      fc.property(
        order.map((each) => structuredCloneOf(each)),
        (value) => {
          expect(decoder.decode([encode(value as never)], 0, 1, batch)).toEqual([]);
          expect(batch.values[0]).toEqual(value);
        },
      ),
    );
  });

  test('writes times, dates, intervals and numbers as people and other programs read them', () => {
    const Row = t.row({
      at: t.instant,
      day: t.date,
      took: t.interval,
      price: t.decimal(5, 2),
      big: t.bigint,
    });
    const row = { at: 0, day: 0, took: 300_000, price: Decimal.of('1.50'), big: 2n ** 62n };
    expect(text(Row, { ...row, undeclared: 1 })).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","day":"1970-01-01","took":"PT5M","price":"1.50","big":4611686018427387904}',
    );
  });

  test('without a schema writes whatever is data', () => {
    const value = {
      big: 1n,
      map: new Map([[1, 'a']]),
      set: new Set([1]),
      bytes: Uint8Array.of(1, 2),
      d: Decimal.of(1),
    };
    expect(text(undefined, value)).toBe('{"big":1,"map":{"1":"a"},"set":[1],"bytes":"AQI=","d":"1"}');
    expect(() => text(undefined, undefined)).toThrow(
      'Cannot encode a record as JSON: it is undefined; send data',
    );
  });
});

/** The same data; decimals stay the objects that they are. */
function structuredCloneOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(structuredCloneOf);
  }
  if (value instanceof Map) {
    return new Map([...value].map(([key, item]) => [key as unknown, structuredCloneOf(item)]));
  }
  const isRow = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
  return isRow
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, structuredCloneOf(item)]))
    : value;
}
