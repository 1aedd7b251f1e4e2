import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyCodec } from './any-codec.ts';
import { batchCodec } from './batch-codec.ts';
import { closureCodec } from './closure-codec.ts';
import { Decimal } from './decimal.ts';
import { FrameError, FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { generatedCodec } from './generated-codec.ts';
import { recordBatch } from './record-batch.ts';
import type { DataType } from './schema.ts';
import { t } from './built-in-types.ts';
import type { ValueCodec } from './value-codec.ts';

/** Any text, also with lone surrogates and zeros. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  fc.constant('\ud800'),
  fc.constant('Zürich'),
);

/** Would come back without its methods. */
class OwnPayment {
  readonly id = 'a';
  readonly price = { amount: 1 };
}

/** What `fc.anything` takes for its leaves when it is not told. */
const plainValues = [fc.boolean(), fc.integer(), fc.double(), text, fc.constantFrom(null, undefined)];

/** A type with values of it. */
interface Typed {
  readonly type: DataType;
  readonly values: fc.Arbitrary<unknown>;
}

function decimals(precision: number, scale: number): Typed {
  const limit = 10n ** BigInt(precision) - 1n;
  const unscaled = fc.oneof(fc.bigInt({ min: -limit, max: limit }), fc.constantFrom(limit, -limit, -1n));
  return {
    type: { kind: 'decimal', precision, scale },
    values: unscaled.map((value) => Decimal.ofUnscaled(value, scale)),
  };
}

const { typed } = fc.letrec<{ typed: Typed }>((tie) => ({
  typed: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Typed>(
      { type: { kind: 'boolean' }, values: fc.boolean() },
      { type: { kind: 'int' }, values: fc.integer() },
      { type: { kind: 'bigint' }, values: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
      { type: { kind: 'double' }, values: fc.double() },
      { type: { kind: 'string' }, values: text },
      { type: { kind: 'instant' }, values: fc.maxSafeInteger() },
      { type: { kind: 'date' }, values: fc.integer() },
      { type: { kind: 'interval' }, values: fc.maxSafeInteger() },
      ...[4, 18, 19, 38].map((precision) => decimals(precision, 3)),
      { type: { kind: 'bytes' }, values: fc.uint8Array() },
      { type: { kind: 'enum', values: ['EUR', 'GBP'] }, values: fc.constantFrom('EUR', 'GBP') },
    ),
    tie('typed').map(({ type, values }): Typed => ({
      type: { kind: 'array', element: type },
      values: fc.array(values, { maxLength: 4 }),
    })),
    tie('typed').map(({ type, values }): Typed => ({
      type: { kind: 'map', key: { kind: 'string' }, value: type },
      values: fc.array(fc.tuple(text, values), { maxLength: 3 }).map((entries) => new Map(entries)),
    })),
    tie('typed').map(({ type, values }): Typed =>
      type.kind === 'nullable'
        ? { type, values }
        : { type: { kind: 'nullable', of: type }, values: fc.option(values) },
    ),
    fc
      .dictionary(fc.oneof(fc.constantFrom('id', '__proto__', 'a b', '"'), fc.string()), tie('typed'), {
        maxKeys: 4,
      })
      .map((fields): Typed => {
        const entries = Object.entries(fields);
        return {
          type: { kind: 'row', fields: entries.map(([name, { type }]) => ({ name, type })) },
          values: fc
            .tuple(...entries.map(([, { values }]) => values))
            .map((all) => Object.fromEntries(entries.map(([name], index) => [name, all[index]]))),
        };
      }),
  ),
}));

function written(codec: ValueCodec, value: unknown): Uint8Array {
  const writer = new FrameWriter(8);
  codec.write(writer, value);
  return writer.finish().slice();
}

function read(codec: ValueCodec, bytes: Uint8Array): unknown {
  const reader = new FrameReader();
  reader.open(bytes);
  return codec.read(reader);
}

describe('codecs', () => {
  test('give back every value of every type, by generated code and by closures in the same bytes', () => {
    fc.assert(
      fc.property(
        typed.chain(({ type, values }) => fc.tuple(fc.constant(type), values)),
        ([type, value]) => {
          const bytes = written(generatedCodec(type), value);
          expect(written(closureCodec(type), value)).toEqual(bytes);
          expect(read(generatedCodec(type), bytes)).toEqual(value);
          expect(read(closureCodec(type), bytes)).toEqual(value);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('of values without a schema give back whatever is plain data', () => {
    const anything = fc.anything({
      values: [...plainValues, decimals(38, 4).values],
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: false,
    });
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 5 }), (values) => {
        const back = read(anyCodec, written(anyCodec, values));
        // Objects come back with the prototype of literals.
        expect(back).toEqual(values);
      }),
      { numRuns: 500 },
    );
  });

  test('name the field, what is declared and what was given when a value does not fit', () => {
    const Payment = t.row({ id: t.string, price: t.row({ amount: t.double }) });
    for (const codec of [generatedCodec(Payment.type), closureCodec(Payment.type)]) {
      expect(() => written(codec, { id: 'a', price: { amount: '1' } })).toThrow(
        'Cannot encode field "price.amount": its schema says DOUBLE, it is "1"; emit what is declared',
      );
      expect(() => written(codec, null)).toThrow(
        'Cannot encode value: its schema says a plain object, it is null',
      );
      expect(() => written(codec, new OwnPayment())).toThrow(
        'Cannot encode value: its schema says a plain object, it is an instance of OwnPayment',
      );
    }
  });
});

describe('a batch', () => {
  const Click = t.row({ page: t.string, at: t.instant });

  test('crosses a thread with values and times, whichever part of it is sent', () => {
    const batch = recordBatch(8);
    for (let index = 0; index < 8; index++) {
      batch.values[index] = { page: `page-${index}-ä`, at: index };
      batch.times[index] = index;
    }
    batch.size = 8;
    for (const schema of [Click, undefined]) {
      const codec = batchCodec(schema);
      const writer = new FrameWriter();
      const back = recordBatch(8);
      codec.encodeBatch(batch, 2, 5, writer);
      codec.decodeFrame(writer.finish(), back);
      expect(back.size).toBe(3);
      expect(back.values.slice(0, 3)).toEqual(batch.values.slice(2, 5));
      expect(back.times.slice(0, 3)).toEqual(Float64Array.of(2, 3, 4));
    }
  });

  test('is refused when its frame is cut', () => {
    const codec = batchCodec(Click, 'from "a" to "b"');
    const writer = new FrameWriter();
    const batch = recordBatch(1);
    batch.values[0] = { page: 'a', at: 1 };
    batch.size = 1;
    codec.encodeBatch(batch, 0, 1, writer);
    const bytes = writer.finish();
    for (let length = 0; length < bytes.length; length++) {
      expect(() => codec.decodeFrame(bytes.subarray(0, length), batch)).toThrow(FrameError);
    }
  });
});
