import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordBatch } from '../../data/record-batch.ts';
import { dataTypeOf } from '../../data/data-type.ts';
import { Decimal } from '../../data/decimal.ts';
import { DecodeError } from '../../data/decode-error.ts';
import { jsonConverter, parseJson } from '../../data/json-value.ts';
import type { Schema } from '../../data/schema.ts';
import { t } from '../../data/built-in-types.ts';
import { jsonDecoder } from './json.ts';

const Payment = t.row({
  id: t.string,
  country: t.enum('DE', 'FR', 'GB'),
  amount: t.double,
  cents: t.int,
  settled: t.boolean,
  at: t.instant,
  price: t.decimal(20, 2),
  day: t.date,
  took: t.interval,
  note: t.nullable(t.string),
});

interface Decoded {
  readonly values: readonly unknown[];
  readonly faults: readonly { readonly index: number; readonly reason: string }[];
}

function decode(
  schema: Schema,
  texts: readonly (string | Uint8Array)[],
  decoder = jsonDecoder(schema),
): Decoded {
  const batch = recordBatch();
  const payloads = texts.map((text) => (typeof text === 'string' ? Buffer.from(text) : text));
  const faults = decoder.decode(payloads, 0, payloads.length, batch);
  return { values: batch.values.slice(0, batch.size), faults };
}

/** The definition: JSON.parse of the text, with all digits, then every field by its schema. */
function byDefinition(schema: Schema, bytes: Uint8Array): unknown {
  try {
    const type = dataTypeOf(schema);
    return type === undefined
      ? undefined
      : jsonConverter(type)(parseJson(Buffer.from(bytes).toString(), true), []);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function expectAsDefined(schema: Schema, texts: readonly (string | Uint8Array)[]): void {
  const wanted = texts.map((text) =>
    byDefinition(schema, typeof text === 'string' ? Buffer.from(text) : text),
  );
  const { values, faults } = decode(schema, texts);
  expect(values).toEqual(wanted.filter((value) => value !== undefined));
  expect(faults.map((fault) => fault.index)).toEqual(
    [...wanted.keys()].filter((index) => wanted[index] === undefined),
  );
}

const numberText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.tuple(fc.maxSafeInteger(), fc.nat({ max: 999_999 })).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.constantFrom(
    '-0',
    '0.1',
    '-0.0',
    '1e5',
    '1E-3',
    '01',
    '-',
    '1.',
    '.5',
    '00',
    '+1',
    '123456789012345678',
    '0.30000000000000004',
  ),
);
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '""',
    '"\\u0041"',
    '"\\ud83d"',
    '"tab\there"',
    '"DE"',
    '"FR"',
    '"2026-11-21T10:00:00.000Z"',
    '"\u007f\u0080"',
  ),
);
const anyValue = fc.oneof(
  { weight: 4, arbitrary: numberText },
  { weight: 4, arbitrary: anyText },
  fc.constantFrom('null', 'true', 'false', 'nul', 'True', '[]', '{"a":[1]}', '', ' 1', '[1,2'),
);
const soundField = {
  id: fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
  country: fc.constantFrom('"DE"', '"FR"', '"GB"'),
  amount: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  cents: fc.maxSafeInteger().map(String),
  settled: fc.constantFrom('true', 'false'),
  at: fc.oneof(
    fc.nat().map(String),
    fc.constantFrom('"2026-11-21T10:00:00.000Z"', '"2026-11-21T10:00:00+01:00"'),
  ),
  price: fc.oneof(
    fc
      .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat({ max: 3 }))
      .map(([unscaled, scale]) => {
        const text = Decimal.ofUnscaled(unscaled, scale).toString();
        return scale === 1 ? JSON.stringify(text) : text;
      }),
    fc.constantFrom('12.5', '"12.50"', '-0.00', '-0', '1.0', '1e2', '0.005'),
  ),
  day: fc.constantFrom('"2026-11-21"', '"2026-02-30"', '20000', '-1', '1.5'),
  took: fc.constantFrom('"PT5M"', '"-P1DT0.5S"', '"P1M"', '300000', '-1'),
  note: fc.oneof(fc.constant('null'), anyText),
};
const fieldNames = Object.keys(soundField) as (keyof typeof soundField)[];

/** Objects near the schema: other orders, one wrong value, unknown, absent and doubled fields, spaces. */
const nearPayment = fc
  .record({
    fields: fc.record(soundField),
    order: fc.shuffledSubarray([...fieldNames, 'extra'], { minLength: 5 }),
    wrong: fc.option(fc.tuple(fc.constantFrom(...fieldNames), anyValue)),
    extra: anyValue,
    doubled: fc.option(fc.constantFrom(...fieldNames)),
    colon: fc.constantFrom(':', ': ', ' :'),
    comma: fc.constantFrom(',', ', '),
    end: fc.constantFrom('', '\n', ' \r\n', '}', 'x'),
  })
  .map(({ fields, order, wrong, extra, doubled, colon, comma, end }) => {
    const values: Record<string, string> = {
      ...fields,
      extra,
      ...(wrong === null ? {} : { [wrong[0]]: wrong[1] }),
    };
    const names = doubled === null ? order : [...order, doubled];
    return `{${names.map((name) => `${JSON.stringify(name)}${colon}${values[name] ?? ''}`).join(comma)}}${end}`;
  });

/** Objects in the declared order, as most producers write them. */
const soundPayment = fc
  .record(soundField)
  .map((fields) => `{${fieldNames.map((name) => `"${name}":${fields[name]}`).join(',')}}`);

/** A row of which each object has another part. */
const Nested = t.row({
  kind: t.int,
  left: t.nullable(t.row({ a: t.int, b: t.string })),
  right: t.nullable(t.row({ deep: t.row({ a: t.double }) })),
});
const nestedText = fc
  .record({
    left: fc.constantFrom('{"a":1,"b":"x"}', '{"b":"","a":-7}', '{"a":1}', '{}', 'null', '{"a":1,"b":"é"}'),
    right: fc.constantFrom(
      '{"deep":{"a":0.5}}',
      '{"deep":{"a":0.5,"c":1}}',
      '{"deep":null}',
      '{"deep":[1]}',
      'null',
      '7',
    ),
    other: fc.constantFrom('1', '"x"', '{"a":[1,2]}'),
    names: fc.shuffledSubarray(['left', 'right', 'other'], { minLength: 1 }),
    comma: fc.constantFrom(',', ', '),
  })
  .map(({ left, right, other, names, comma }) => {
    const colon = comma === ',' ? ':' : ': ';
    const values: Readonly<Record<string, string>> = { left, right, other };
    const fields = names.map((name) => `"${name}"${colon}${spacedAs(comma, values[name] ?? '')}`);
    return `{"kind"${colon}1${comma}${fields.join(comma)}}`;
  });
/** How much of a text is cut off, and what follows there. */
const cut = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.constantFrom('', '}', ']', ']}'));

function spacedAs(comma: string, text: string): string {
  return comma === ',' ? text : text.replaceAll(',', ', ').replaceAll(':', ': ');
}

describe('a JSON decoder', () => {
  test('gives what JSON.parse and the schema give, for objects as they should be', () => {
    fc.assert(
      fc.property(fc.array(soundPayment, { maxLength: 20 }), (texts) => expectAsDefined(Payment, texts)),
    );
  });

  test('gives what JSON.parse and the schema give, for objects that are nearly right', () => {
    const texts = fc.array(fc.oneof(nearPayment, soundPayment), { maxLength: 20 });
    fc.assert(
      fc.property(texts, (given) => expectAsDefined(Payment, given)),
      { numRuns: 300 },
    );
  });

  test('gives what JSON.parse and the schema give, for bytes cut or changed at any place', () => {
    const damaged = fc
      .tuple(soundPayment, fc.nat(), fc.option(fc.nat({ max: 255 })))
      .map(([text, at, byte]) => {
        const bytes = Buffer.from(text);
        const place = at % bytes.length;
        if (byte === null) return bytes.subarray(0, place);
        bytes[place] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.array(damaged, { maxLength: 10 }), (given) => expectAsDefined(Payment, given)),
      { numRuns: 300 },
    );
  });

  test.each([
    ...['01', '-', '-0', '1.', '.5', '+1', '1e5', '0.30000000000000004', '123456789012345678', '1.5'].flatMap(
      (text) => [
        ['amount', text],
        ['cents', text],
        ['at', text],
      ],
    ),
    ...['"a\tb"', '"\\u0041"', '"\u00fc\u20ac"', '"open', '""', 'null', '"a\\"b"'].flatMap((text) => [
      ['id', text],
      ['note', text],
      ['extra', text],
    ]),
    ...[
      '1.50',
      '1.505',
      '"1.50"',
      '"1,5"',
      '123456789012345678.25',
      '1e2',
      '-0',
      '1234567890123456789.00',
    ].map((text) => ['price', text]),
    ...['"2026-02-29"', '"2026-11-21"', '20778', '"20778"', '1.5', 'null'].map((text) => ['day', text]),
    ...['"PT5M"', '"5 minutes"', '300000', '1.5', 'null'].map((text) => ['took', text]),
    ['country', '"XX"'],
    ['settled', 'truf'],
    ['settled', 'nul'],
    ['note', 'nulL'],
    ['note', '"x"}x'],
    ['note', '"x"},'],
    ['note', '"x" '],
  ])('reads a %s of %s in the usual place as JSON.parse does', (name, text) => {
    const usual = {
      id: '"a"',
      country: '"DE"',
      amount: '1',
      cents: '2',
      settled: 'true',
      at: '3',
      price: '5.00',
      day: '6',
      took: '7',
      extra: '4',
      note: '"n"',
    };
    const write = (fields: Readonly<Record<string, string>>): string =>
      `{${Object.entries(fields)
        .map(([field, value]) => `"${field}":${value}`)
        .join(',')}}`;
    // The first object teaches the decoder the layout, so that the second is met by a generated parser.
    expectAsDefined(Payment, [write(usual), write({ ...usual, [name]: text })]);
  });

  test('reads fast what it has seen once, whatever its order and its spaces', () => {
    const decoder = jsonDecoder(t.row({ a: t.int, b: t.string }));
    const texts = ['{"b": "x", "extra": 1.5, "a": 1}', '{"b": "y", "extra": 2, "a": 2}'];
    const [first] = decode(Payment, [texts[0] ?? ''], decoder).values;
    const parse = JSON.parse;
    JSON.parse = () => expect.unreachable('the second object is read by a generated parser');
    try {
      expect(decode(Payment, [texts[1] ?? ''], decoder).values).toEqual([{ a: 2, b: 'y' }]);
    } finally {
      JSON.parse = parse;
    }
    expect(first).toEqual({ a: 1, b: 'x' });
  });

  test('makes objects with the fields in the order of the schema', () => {
    const [value] = decode(t.row({ a: t.int, b: t.int }), ['{"b":1,"a":2}']).values;
    expect(Object.keys(value as object)).toEqual(['a', 'b']);
  });

  test('gives what JSON.parse and the schema give, for rows in rows', () => {
    fc.assert(
      fc.property(fc.array(nestedText, { minLength: 2, maxLength: 20 }), cut, (texts, [at, by]) => {
        const broken = texts.map((text, index) =>
          index === texts.length - 1 ? text.slice(0, at) + by : text,
        );
        expectAsDefined(Nested, [...texts, ...broken]);
      }),
    );
  });

  test('reads fast rows in rows of every form it has seen', () => {
    const decoder = jsonDecoder(Nested);
    const forms = ['{"kind":1,"left":{"a":1,"b":"x"}}', '{"kind":2,"right":{"deep":{"a":-2.5},"other":7}}'];
    const values = decode(Nested, forms, decoder).values;
    const parse = JSON.parse;
    JSON.parse = () => expect.unreachable('objects of a known form are read by generated parsers');
    try {
      expect(decode(Nested, [...forms, ...forms], decoder).values).toEqual([...values, ...values]);
    } finally {
      JSON.parse = parse;
    }
    expect(values).toEqual([
      { kind: 1, left: { a: 1, b: 'x' }, right: null },
      { kind: 2, left: null, right: { deep: { a: -2.5 } } },
    ]);
  });

  test('reads nested rows, arrays, maps, bytes and integers of 64 bits', () => {
    const Order = t.row({
      items: t.array(t.row({ sku: t.string, price: t.nullable(t.double) })),
      labels: t.map(t.string, t.int),
      blob: t.bytes,
      big: t.bigint,
    });
    const text = '{"items":[{"sku":"a"}],"labels":{"x":1},"blob":"AQI=","big":9223372036854775807}';
    expect(decode(Order, [text]).values).toEqual([
      {
        items: [{ sku: 'a', price: null }],
        labels: new Map([['x', 1]]),
        blob: new Uint8Array([1, 2]),
        big: 9_223_372_036_854_775_807n,
      },
    ]);
    expect(decode(Order, [text.replace('9223372036854775807', '9223372036854775808')]).faults).toMatchObject([
      { reason: 'field "big" must be a 64-bit integer, is 9223372036854775808' },
    ]);
    expect(decode(Order, [text.replace('{"sku":"a"}', '{"sku":"a"},{"sku":7}')]).faults).toMatchObject([
      { reason: 'field "items[1].sku" must be a string, is 7' },
    ]);
  });

  test('reads decimals with all their digits, dates, intervals, and maps by date', () => {
    const Trade = t.row({
      price: t.decimal(38, 4),
      settled: t.date,
      took: t.interval,
      byDay: t.map(t.date, t.array(t.decimal(5, 1))),
    });
    const text =
      '{"price":1234567890123456789012345678901234.5,"settled":"2026-11-21","took":"PT1.5S","byDay":{"1970-01-02":[1,"2.50"]}}';
    expect(decode(Trade, [text]).values).toEqual([
      {
        price: Decimal.of('1234567890123456789012345678901234.5000'),
        settled: 20_778,
        took: 1500,
        byDay: new Map([[1, [Decimal.of('1.0'), Decimal.of('2.5')]]]),
      },
    ]);
    const faults = [
      text.replace('34.5', '34.50001'),
      text.replace('-11-', '-13-'),
      text.replace('PT1.5S', '1.5 s'),
    ];
    expect(decode(Trade, faults).faults).toMatchObject([
      {
        reason:
          'field "price" must be a decimal with at most 38 digits, 4 of them behind the point, is 1234567890123456789012345678901234.50001',
      },
      { reason: 'field "settled" must be a date such as "2026-11-21" or days since 1970, is "2026-13-21"' },
      { reason: 'field "took" must be an ISO 8601 duration such as "PT5M" or ms, is "1.5 s"' },
    ]);
  });

  test('says which field of which record is wrong, and reads the others', () => {
    const texts = ['{"a":1}', '{"a":"1"}', '{}', 'x', '7', '{"a":2}'];
    expect(decode(t.row({ a: t.int }), texts)).toEqual({
      values: [{ a: 1 }, { a: 2 }],
      faults: [
        { index: 1, reason: 'field "a" must be an integer, is "1"' },
        { index: 2, reason: 'field "a" is missing; it must be an integer' },
        { index: 3, reason: expect.stringContaining('is not JSON') },
        { index: 4, reason: 'the record must be an object, is 7' },
      ],
    });
  });

  test('lets a schema of another library validate, and names its path', () => {
    const schema: Schema<{ a: number }> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) =>
          typeof value === 'object' && value !== null && 'a' in value && typeof value.a === 'number'
            ? { value: { a: value.a + 1 } }
            : { issues: [{ message: 'expected a number', path: ['a'] }] },
      },
    };
    expect(decode(schema, ['{"a":1}', '{"a":"x"}'])).toEqual({
      values: [{ a: 2 }],
      faults: [{ index: 1, reason: 'field "a": expected a number' }],
    });
  });

  test('decodes a part of the payloads into the start of the batch', () => {
    const batch = recordBatch();
    const payloads = ['{"a":1}', '{"a":2}', 'x', '{"a":4}'].map((text) => Buffer.from(text));
    expect(jsonDecoder(t.row({ a: t.int })).decode(payloads, 1, 4, batch)).toMatchObject([{ index: 2 }]);
    expect(batch.values.slice(0, batch.size)).toEqual([{ a: 2 }, { a: 4 }]);
  });

  test('takes no member of the prototype for a field', () => {
    const Odd = t.row({ toString: t.string, __proto__x: t.nullable(t.string) });
    expect(decode(Odd, ['{}']).faults).toHaveLength(1);
    expect(decode(Odd, ['{"toString":"x"}']).values).toEqual([{ toString: 'x', __proto__x: null }]);
  });
});
