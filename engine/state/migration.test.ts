import { describe, expect, test } from 'vitest';
import { t, type Type } from '../data/built-in-types.ts';
import { codecOf } from '../data/codec.ts';
import { Decimal } from '../data/decimal.ts';
import { FrameReader } from '../data/frame-reader.ts';
import { FrameWriter } from '../data/frame-writer.ts';
import { migratingReader } from './migration.ts';

/** A value written as one type and read as another. */
function migrated<W>(written: Type<W>, value: W, declared: Type<unknown>): unknown {
  const frame = new FrameWriter();
  codecOf(written.type).write(frame, value);
  const reader = new FrameReader();
  reader.open(frame.finish());
  return migratingReader(written.type, declared.type)(reader);
}

describe('state of an older program', () => {
  test('is widened where no value can lose a digit', () => {
    const big = Decimal.of('99999.99');
    expect(migrated(t.int, 7, t.bigint)).toBe(7n);
    expect(migrated(t.int, 7, t.double)).toBe(7);
    expect(migrated(t.int, 7, t.decimal(18, 2))).toEqual(Decimal.of('7.00'));
    expect(migrated(t.bigint, -7n, t.decimal(38, 4))).toEqual(Decimal.of('-7.0000'));
    expect(migrated(t.decimal(7, 2), big, t.decimal(10, 4))).toEqual(Decimal.of('99999.9900'));
    expect(migrated(t.date, 20_778, t.int)).toBe(20_778);
    expect(migrated(t.interval, 5, t.nullable(t.interval))).toBe(5);
  });

  test('is widened in rows, arrays and maps, too', () => {
    const written = t.row({ a: t.array(t.int), m: t.map(t.string, t.row({ n: t.int })), gone: t.string });
    const declared = t.row({
      a: t.array(t.double),
      m: t.map(t.string, t.row({ n: t.bigint, note: t.nullable(t.string) })),
      added: t.nullable(t.date),
    });
    expect(migrated(written, { a: [1], m: new Map([['x', { n: 2 }]]), gone: '' }, declared)).toEqual({
      a: [1],
      m: new Map([['x', { n: 2n, note: null }]]),
      added: null,
    });
  });

  test.each<[Type<unknown>, Type<unknown>]>([
    [t.int, t.decimal(10, 2)],
    [t.bigint, t.decimal(20, 2)],
    [t.bigint, t.double],
    [t.double, t.decimal(38, 10)],
    [t.decimal(10, 2), t.decimal(10, 3)],
    [t.decimal(10, 2), t.decimal(12, 1)],
    [t.decimal(10, 2), t.double],
    [t.date, t.instant],
    [t.string, t.date],
  ])('is refused where it could: %#', (written, declared) => {
    expect(() => migratingReader(written.type, declared.type)).toThrow(
      `it was written as ${written.sql}, the program declares ${declared.sql}; give the state a new name, or a type that the old values fit`,
    );
  });
});
