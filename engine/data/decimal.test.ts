import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Decimal, isDecimal, unscaledIn } from './decimal.ts';

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }), fc.nat({ max: 20 }))
  .map(([unscaled, scale]) => Decimal.ofUnscaled(unscaled, scale));
const d = (text: string): Decimal => Decimal.of(text);

describe('a decimal', () => {
  test('is what its text says, digit by digit', () => {
    fc.assert(
      fc.property(decimal, (value) => {
        const back = Decimal.of(value.toString());
        expect(back).toEqual(value);
        expect(JSON.stringify({ value })).toBe(`{"value":"${value.toString()}"}`);
      }),
    );
  });

  test('is the number that JavaScript writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        // A decimal has no negative zero.
        expect(Decimal.of(number).toNumber()).toBe(number === 0 ? 0 : number);
      }),
    );
  });

  test('adds, subtracts, multiplies and compares as integers of one scale do', () => {
    fc.assert(
      fc.property(decimal, decimal, (left, right) => {
        const scaled = ({ unscaled, scale }: Decimal): bigint => unscaled * 10n ** BigInt(40 - scale);
        expect(scaled(left.plus(right))).toBe(scaled(left) + scaled(right));
        expect(scaled(left.minus(right))).toBe(scaled(left) - scaled(right));
        expect(scaled(left.times(right)) * 10n ** 40n).toBe(scaled(left) * scaled(right));
        expect(left.compare(right)).toBe(
          Number(scaled(left) > scaled(right)) - Number(scaled(left) < scaled(right)),
        );
        expect(left.equals(right)).toBe(scaled(left) === scaled(right));
      }),
    );
  });

  test('divides to the nearest, and a half away from zero', () => {
    fc.assert(
      fc.property(
        decimal,
        decimal.filter(({ unscaled }) => unscaled !== 0n),
        fc.nat({ max: 30 }),
        (left, right, scale) => {
          const quotient = left.dividedBy(right, scale);
          const error = left.minus(quotient.times(right));
          const half = Decimal.ofUnscaled(5n, scale + 1).times(right);
          const size = (value: Decimal): Decimal =>
            value.unscaled < 0n ? Decimal.of(0).minus(value) : value;
          expect(quotient.scale).toBe(scale);
          expect(size(error).compare(size(half))).toBeLessThanOrEqual(0);
        },
      ),
    );
    expect(
      [d('1').dividedBy(d('3'), 4), d('-0.5').rounded(0), d('0.5').rounded(0), d('2.345').rounded(2)].map(
        String,
      ),
    ).toEqual(['0.3333', '-1', '1', '2.35']);
    expect(() => d('1').dividedBy(d('0.00'), 2)).toThrow('Cannot divide 1 by zero');
  });

  test('reads exponents, signs and an open point, and refuses whatever else', () => {
    expect(['1e3', '-1.5E-3', '+7', '5.', '000.10'].map((text) => d(text).toString())).toEqual([
      '1000',
      '-0.0015',
      '7',
      '5',
      '0.10',
    ]);
    for (const wrong of ['', '.5', '1,5', 'NaN', '1e', '1e99999', '0x10', ' 1']) {
      expect(() => d(wrong)).toThrow(
        `Cannot make a decimal of "${wrong}": give a number such as "-12.50" or 3`,
      );
    }
    expect(() => Decimal.of(Number.NaN)).toThrow('Cannot make a decimal of NaN');
  });

  test('is known as one even if another copy of this module made it', () => {
    const other = Object.create({ [Symbol.for('headwater.decimal')]: true }) as object;
    expect([d('1'), other, { unscaled: 1n, scale: 0 }, '1', null].map(isDecimal)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('fits a precision and a scale where no digit is lost', () => {
    expect(unscaledIn(d('1.50'), 3, 1)).toBe(15n);
    expect(unscaledIn(d('-99.9'), 3, 1)).toBe(-999n);
    expect([unscaledIn(d('1.55'), 3, 1), unscaledIn(d('100'), 3, 1)]).toEqual([undefined, undefined]);
  });
});
