/** Numbers with a point that stays where it is: amounts of money, rates, measures. */

/** What marks a decimal of whichever copy of this module: a program's bundle has its own. */
const DECIMAL = Symbol.for('headwater.decimal');

const FORMAT = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
/** Beyond this the digits alone would fill the memory: no double and no DECIMAL of SQL comes near it. */
const EXPONENT_MAX = 1000;

/**
 * An exact decimal number: `unscaled` divided by ten to the power of `scale`.
 *
 * Contract: it never changes, and every operation is exact but `dividedBy` and `rounded`, which say to how many digits.
 * Equal numbers may differ in scale (1.5 and 1.50); `equals` and `compare` take them for the same.
 * Example: `Decimal.of('19.99').times(Decimal.of(3)).toString()` is `'59.97'`.
 */
export class Decimal {
  readonly unscaled: bigint;
  /** Digits behind the point, 0 or more. */
  readonly scale: number;

  private constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /**
   * Of text such as `'-12.50'` or `'1e3'`, of a bigint, or of a number as JavaScript writes it.
   *
   * Errors: throws on text that is no number, and on NaN and the infinities.
   */
  static of(value: string | number | bigint): Decimal {
    const parsed = typeof value === 'bigint' ? new Decimal(value, 0) : Decimal.parse(String(value));
    if (parsed === undefined) {
      throw new RangeError(`Cannot make a decimal of ${shown(value)}: give a number such as "-12.50" or 3`);
    }
    return parsed;
  }

  /** The same of text; undefined where it is no number. */
  static parse(text: string): Decimal | undefined {
    const [matched, sign, whole = '', fraction = '', exponent = '0'] = FORMAT.exec(text) ?? [];
    if (matched === undefined || Math.abs(Number(exponent)) > EXPONENT_MAX) {
      return undefined;
    }
    const digits = BigInt(`${whole}${fraction}`);
    return Decimal.#shifted(sign === '-' ? -digits : digits, fraction.length - Number(exponent));
  }

  /** `unscaled` divided by ten to the power of `scale`. */
  static ofUnscaled(unscaled: bigint, scale: number): Decimal {
    if (!Number.isInteger(scale) || scale < 0) {
      throw new RangeError(
        `Cannot make a decimal of scale ${scale}: give the digits behind the point, 0 or more`,
      );
    }
    return new Decimal(unscaled, scale);
  }

  static #shifted(unscaled: bigint, scale: number): Decimal {
    return scale >= 0 ? new Decimal(unscaled, scale) : new Decimal(unscaled * tenTo(-scale), 0);
  }

  get [DECIMAL](): true {
    return true;
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(unscaledAt(this, scale) + unscaledAt(other, scale), scale);
  }

  minus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(unscaledAt(this, scale) - unscaledAt(other, scale), scale);
  }

  /** The scale of the product is the sum of both scales. */
  times(other: Decimal): Decimal {
    return new Decimal(this.unscaled * other.unscaled, this.scale + other.scale);
  }

  /** The quotient to `scale` digits behind the point; a half is rounded away from zero. Throws on division by zero. */
  dividedBy(divisor: Decimal, scale: number): Decimal {
    if (divisor.unscaled === 0n) {
      throw new RangeError(`Cannot divide ${this.toString()} by zero`);
    }
    const places = scale + divisor.scale - this.scale;
    const dividend = places >= 0 ? this.unscaled * tenTo(places) : this.unscaled;
    const by = places >= 0 ? divisor.unscaled : divisor.unscaled * tenTo(-places);
    return Decimal.ofUnscaled(roundedQuotient(dividend, by), scale);
  }

  /** The nearest decimal with `scale` digits behind the point; a half is rounded away from zero. */
  rounded(scale: number): Decimal {
    return this.dividedBy(ONE, scale);
  }

  /** Below, at or above zero as this is below, equal to or above `other`; fits `toSorted`. */
  compare(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale);
    const [left, right] = [unscaledAt(this, scale), unscaledAt(other, scale)];
    return left < right ? -1 : Number(left > right);
  }

  equals(other: Decimal): boolean {
    return this.compare(other) === 0;
  }

  /** With all digits and without exponent, as in `'-0.50'`. */
  toString(): string {
    const negative = this.unscaled < 0n;
    const digits = String(negative ? -this.unscaled : this.unscaled).padStart(this.scale + 1, '0');
    const point = digits.length - this.scale;
    const fraction = this.scale === 0 ? '' : `.${digits.slice(point)}`;
    return `${negative ? '-' : ''}${digits.slice(0, point)}${fraction}`;
  }

  /** The nearest double. */
  toNumber(): number {
    return Number(this.toString());
  }

  /** Text, since readers of JSON would take a number for a double. */
  toJSON(): string {
    return this.toString();
  }
}

const ONE = Decimal.of(1n);

/** True for decimals of every copy of this module. */
export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && DECIMAL in value;
}

/** The same number as an integer at this scale, if it is below ten to the power of `precision` and no digit is lost. */
export function unscaledIn(value: Decimal, precision: number, scale: number): bigint | undefined {
  const surplus = value.scale > scale ? tenTo(value.scale - scale) : 1n;
  if (value.unscaled % surplus !== 0n) {
    return undefined;
  }
  const unscaled = value.scale > scale ? value.unscaled / surplus : unscaledAt(value, scale);
  const limit = tenTo(precision);
  return unscaled < limit && unscaled > -limit ? unscaled : undefined;
}

const POWERS = Array.from({ length: 39 }, (_, exponent) => 10n ** BigInt(exponent));

function tenTo(exponent: number): bigint {
  return POWERS[exponent] ?? 10n ** BigInt(exponent);
}

function unscaledAt({ unscaled, scale }: Decimal, wanted: number): bigint {
  return wanted === scale ? unscaled : unscaled * tenTo(wanted - scale);
}

function roundedQuotient(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const rest = dividend % divisor;
  const twice = 2n * (rest < 0n ? -rest : rest);
  if (twice < (divisor < 0n ? -divisor : divisor)) {
    return quotient;
  }
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

function shown(value: string | number | bigint): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value);
}
