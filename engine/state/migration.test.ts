import { describe, expect, test } from 'vitest';
import { t, type Type } from '../data/built-in-types.ts';
import { codecOf } from '../data/codec.ts';
import { Decimal } from '../data/decimal.ts';
import { FrameReader } from '../data/frame-reader.ts';
import { FrameWriter } from '../data/frame-writer.ts';
import { migratingReader, migrationFault } from './migration.ts';

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
      `it was written as ${written.sql}, the program declares ${declared.sql}; give the state a new name, a type that the old values fit, or a migration`,
    );
  });
});

describe('a field with a history', () => {
  const written = t.row({ country: t.string, amount: t.int });

  test('goes on with the value that had its old name', () => {
    const declared = t.row({ amount: t.double, nation: t.field(t.string, { formerly: 'country' }) });
    expect(migrated(written, { country: 'de', amount: 3 }, declared)).toEqual({ amount: 3, nation: 'de' });
  });

  test('keeps its own name before an old one', () => {
    const declared = t.row({ country: t.field(t.string, { formerly: 'amount' }) });
    expect(migrated(written, { country: 'de', amount: 3 }, declared)).toEqual({ country: 'de' });
  });

  test('begins with its default, each row with one of its own', () => {
    const day = t.field(t.decimal(6, 2), { default: Decimal.of('1.50') });
    const declared = t.row({
      day,
      tags: t.field(t.array(t.string), { default: [] }),
      id: t.field(t.bigint, { default: 9_007_199_254_740_993n }),
    });
    const rows = [0, 1].map(() => migrated(written, { country: 'de', amount: 3 }, declared));
    expect(rows[0]).toEqual({ day: Decimal.of('1.50'), tags: [], id: 9_007_199_254_740_993n });
    expect((rows[0] as { tags: unknown }).tags).not.toBe((rows[1] as { tags: unknown }).tags);
  });

  test('refuses a default that is no value of its type', () => {
    expect(() => t.field(t.int, { default: 1.5 })).toThrow(
      'Cannot declare a field of type INT: its default must be an integer, is 1.5',
    );
  });

  test('is named with both types, or as new, where the old state does not fit', () => {
    const fault = (declared: Type<unknown>) => migrationFault(written.type, declared.type);
    expect(fault(t.row({ amount: t.string }))).toBe(
      'field "amount" was written as INT, the program declares STRING; give the state a new name, a type that the old values fit, or a migration',
    );
    expect(fault(t.row({ amount: t.int, at: t.instant }))).toBe(
      'field "at" is new and the old state has no value for it; make it nullable, give it a default, or name the field that it was: t.field(…, { default, formerly })',
    );
  });
});

describe('a migration of the program', () => {
  const written = t.row({ name: t.string });
  const declared = t.row({ first: t.string, last: t.string });
  const split = (value: unknown) => {
    const [first = '', last = ''] = (value as { name: string }).name.split(' ');
    return { first, last };
  };
  const read = (from: Type<unknown>, convert: (value: unknown) => unknown) => {
    const frame = new FrameWriter();
    codecOf(written.type).write(frame, { name: 'Ada Byron' });
    const reader = new FrameReader();
    reader.open(frame.finish());
    return migratingReader(written.type, declared.type, [{ from: from.type, convert }])(reader);
  };

  test('makes the new values of the old', () => {
    expect(read(written, split)).toEqual({ first: 'Ada', last: 'Byron' });
  });

  test('is reached from a still older type by the rules', () => {
    const later = t.row({ name: t.string, title: t.nullable(t.string) });
    expect(read(later, split)).toEqual({ first: 'Ada', last: 'Byron' });
  });

  test('is refused with the field where it gives something else', () => {
    expect(() => read(written, () => ({ first: 'Ada' }))).toThrow('field "last" of a value is missing');
  });

  test('comes before the rules where the state is of exactly its type', () => {
    const upper = { from: t.string.type, convert: (value: unknown) => String(value).toUpperCase() };
    const frame = new FrameWriter();
    codecOf(t.string.type).write(frame, 'de');
    const reader = new FrameReader();
    reader.open(frame.finish());
    expect(migratingReader(t.string.type, t.nullable(t.string).type, [upper])(reader)).toBe('DE');
  });
});
