type Unit = 'ms' | 'second' | 'seconds' | 'minute' | 'minutes' | 'hour' | 'hours' | 'day' | 'days';

/** A length of time as people write it: `'250 ms'`, `'5 seconds'`, `'1 minute'`. */
export type Duration = `${number} ${Unit}`;

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * Milliseconds of a duration: `ms('1 minute')` is 60,000.
 *
 * Errors: throws on text that is no duration, and on fractions of a millisecond.
 */
export function ms(duration: Duration): number {
  const [amount = '', unit = ''] = duration.split(' ');
  const factor = MS_PER_UNIT[unit === 'ms' ? unit : unit.replace(/s$/, '')];
  const result = Number(amount) * (factor ?? Number.NaN);
  if (amount === '' || !Number.isSafeInteger(result) || result < 0) {
    throw new Error(
      `Cannot read duration "${duration}": write a number and one of ms, second(s), minute(s), hour(s), day(s), as in "5 seconds"`,
    );
  }
  return result;
}

/** Milliseconds of a duration that must be above zero; `what` names the option in the error. */
export function positiveMs(duration: Duration, what: string): number {
  const result = ms(duration);
  if (result === 0) {
    throw new Error(`Cannot use ${what} of "${duration}": it must be above zero`);
  }
  return result;
}

/** Milliseconds of a duration that may lie before: `signedMs('-2 hours')` is -7,200,000. */
export function signedMs(duration: Duration): number {
  const negative = duration.startsWith('-');
  // A duration without its sign is one still.
  const length = ms((negative ? duration.slice(1) : duration) as Duration);
  return negative ? 0 - length : length;
}
