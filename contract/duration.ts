/**
 * A length of time as people write it: `'250 ms'`, `'5 seconds'`, `'1 minute'`, `'2 hours'`, `'7 days'`.
 *
 * Units: one of ms, second(s), minute(s), hour(s), day(s); whole or decimal numbers above zero.
 */
import * as z from 'zod';

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  ms: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

const PATTERN = /^(\d+(?:\.\d+)?) (ms|seconds?|minutes?|hours?|days?)$/;

export const Duration = z
  .string()
  // What is no duration is examined no further, here and wherever a bound is added.
  .regex(PATTERN, { error: 'must be a duration such as "5 seconds" or "1 minute"', abort: true })
  .refine((text) => isUsable(text), 'must be a duration above zero and of at most 24 days')
  .meta({ id: 'Duration', examples: ['10 seconds'] });

function isUsable(text: string): boolean {
  const ms = durationMs(text);
  // Timers of Node hold 2 ** 31 ms; a longer one would fire at once.
  return ms > 0 && ms <= 24 * 86_400_000;
}

/** Milliseconds of a duration. Throws on text that `Duration` would refuse. */
export function durationMs(duration: string): number {
  const [, amount, unit] = PATTERN.exec(duration) ?? [];
  const factor = unit === undefined ? undefined : MS_PER_UNIT[unit === 'ms' ? unit : unit.replace(/s$/, '')];
  if (amount === undefined || factor === undefined) {
    throw new Error(`Cannot read duration "${duration}": write it as in "5 seconds"`);
  }
  return Number(amount) * factor;
}
