import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { t } from '../../data/built-in-types.ts';
import { Decimal } from '../../data/decimal.ts';
import { recordBatch } from '../../data/record-batch.ts';
import type { Schema } from '../../data/schema.ts';
import { avro } from './avro.ts';
import { csv } from './csv.ts';
import type { Format } from './format.ts';
import { json } from './json-format.ts';
import { raw } from './raw-format.ts';

const Order = t.row({
  id: t.string,
  note: t.nullable(t.string),
  currency: t.enum('EUR', 'GBP'),
  rating: t.nullable(t.enum('1 star', '2 stars')),
  paid: t.boolean,
  count: t.int,
  serial: t.bigint,
  amount: t.double,
  price: t.decimal(38, 4),
  at: t.instant,
  day: t.date,
  took: t.nullable(t.interval),
  token: t.bytes,
  tags: t.array(t.nullable(t.string)),
  stock: t.map(t.string, t.int),
  shelves: t.map(t.int, t.boolean),
  address: t.nullable(t.row({ city: t.string, zip: t.nullable(t.int) })),
});

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    ' ',
    '"',
    '""',
    ',',
    ';',
    'a,b',
    'say "hi"',
    'two\nlines',
    '\r\n',
    'null',
    '-',
    'Zürich',
    '\t',
  ),
);
const limit = 10n ** 38n - 1n;
/** JSON has no infinities, and one zero. */
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0);

function orders(amounts: fc.Arbitrary<number>) {
  return fc.record({
    id: text,
    note: fc.option(text),
    currency: fc.constantFrom('EUR' as const, 'GBP' as const),
    rating: fc.option(fc.constantFrom('1 star' as const, '2 stars' as const)),
    paid: fc.boolean(),
    count: fc.oneof(fc.maxSafeInteger(), fc.integer()),
    serial: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    amount: amounts,
    price: fc.bigInt({ min: -limit, max: limit }).map((unscaled) => Decimal.ofUnscaled(unscaled, 4)),
    at: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 4e12 })),
    day: fc.integer({ min: -700_000, max: 2_900_000 }),
    took: fc.option(fc.maxSafeInteger()),
    token: fc.uint8Array(),
    tags: fc.array(fc.option(text)),
    stock: fc.array(fc.tuple(text, fc.integer())).map((entries) => new Map(entries)),
    shelves: fc.array(fc.tuple(fc.integer(), fc.boolean())).map((entries) => new Map(entries)),
    address: fc.option(fc.record({ city: text, zip: fc.option(fc.integer()) })),
  });
}

const anyDouble = fc.double();
const formats: readonly (readonly [string, Format, fc.Arbitrary<number>])[] = [
  ['json', json(), finite],
  ['csv', csv(), anyDouble],
  ['csv with semicolons and a null literal', csv({ delimiter: ';', nullLiteral: 'null' }), anyDouble],
  ['csv with tabs', csv({ delimiter: '\t', nullLiteral: '\\N' }), anyDouble],
  ['avro', avro(), anyDouble],
];

describe.each(formats)('format %s', (_, format, amounts) => {
  test('gives back every record', () => {
    const [encode, decoder] = [format.encoder(Order), format.decoder(Order)];
    fc.assert(
      fc.property(fc.array(orders(amounts), { maxLength: 5 }), (records) => {
        const batch = recordBatch();
        const payloads = records.map((record) => encode(record));
        expect(decoder.decode(payloads, 0, payloads.length, batch)).toEqual([]);
        expect(batch.values.slice(0, batch.size)).toEqual(records);
      }),
      { numRuns: 300 },
    );
  });

  test('never fails over bytes that are no record, and goes on behind them', () => {
    const [encode, decoder] = [format.encoder(Order), format.decoder(Order)];
    fc.assert(
      fc.property(orders(amounts), fc.uint8Array({ maxLength: 200 }), fc.nat(200), (order, junk, cut) => {
        const good = encode(order);
        const batch = recordBatch();
        const payloads = [junk, good.subarray(0, Math.min(cut, good.length - 1)), good];
        decoder.decode(payloads, 0, payloads.length, batch);
        expect(batch.values[batch.size - 1]).toEqual(order);
      }),
    );
  });
});

describe('format raw', () => {
  test.each<[string, Schema, unknown]>([
    ['bytes', t.bytes, Uint8Array.of(0, 255, 10)],
    ['text', t.string, 'a line of Zürich'],
    ['a row', t.row({ line: t.string }), { line: 'GET /' }],
  ])('gives back %s', (_, schema, value) => {
    const batch = recordBatch();
    raw()
      .decoder(schema)
      .decode([raw().encoder(schema)(value)], 0, 1, batch);
    expect(batch.values[0]).toEqual(value);
  });

  test('refuses records with more than one field', () => {
    expect(() => raw().decoder(t.row({ a: t.string, b: t.string }))).toThrow('a row of one such field');
  });
});

describe('format csv', () => {
  const Total = t.row({ country: t.string, note: t.nullable(t.string), volume: t.double });

  function read(line: string) {
    const batch = recordBatch();
    const faults = csv()
      .decoder(Total)
      .decode([Buffer.from(line)], 0, 1, batch);
    return faults[0]?.reason ?? batch.values[0];
  }

  test('is written as RFC 4180 says', () => {
    const encode = csv().encoder(Total);
    const lines = [
      { country: 'DE', note: null, volume: 1.5 },
      { country: 'a "b", c', note: '', volume: -0 },
    ].map((row) => Buffer.from(encode(row)).toString());
    expect(lines).toEqual(['DE,,1.5', '"a ""b"", c","",-0']);
    expect(Buffer.from(csv({ header: true }).lines?.header(Total) ?? '').toString()).toBe(
      'country,note,volume',
    );
  });

  test.each([
    ['DE,,1', { country: 'DE', note: null, volume: 1 }],
    ['DE,"",1\r', { country: 'DE', note: '', volume: 1 }],
    ['"D,E",x,+1e3', { country: 'D,E', note: 'x', volume: 1000 }],
    ['DE,x', 'has 2 fields, and must have 3'],
    ['DE,x,y', 'field "volume" must be a number, is "y"'],
    [',x,1', 'field "country" is null, and must not be'],
    ['"DE,x,1', 'has a quote at character 1 that is not closed'],
    ['"DE"x,y,1', 'has text behind the quote that closes field 1'],
  ])('reads %j', (line, expected) => {
    expect(read(line)).toEqual(expected);
  });

  test('refuses a schema without fields', () => {
    expect(() => csv().encoder(t.string)).toThrow('it needs the fields of a t.row(…), the schema is string');
  });
});
