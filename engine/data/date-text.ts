const DAY_MS = 86_400_000;
const FORMAT = /^\d{4}-\d{2}-\d{2}$/;

/** Whole days since 1970 of a date such as `'2026-11-21'`; NaN for any other text. */
export function parseDate(text: string): number {
  const midnight = FORMAT.test(text) ? Date.parse(text) : Number.NaN;
  // `Date.parse` takes February 30 for March 1 or 2; a date that comes back changed is none.
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(text)
    ? midnight / DAY_MS
    : Number.NaN;
}

/**
 * The value that `t.date` has for a date.
 *
 * Units and shape: whole days since 1970. Errors: throws on text that is no date of the calendar.
 * Example: `daysOf('1970-01-02')` is 1.
 */
export function daysOf(date: string): number {
  const days = parseDate(date);
  if (Number.isNaN(days)) {
    throw new RangeError(`Cannot read date "${date}": write it as in "2026-11-21"`);
  }
  return days;
}

/** The date of whole days since 1970, as in `'2026-11-21'`: what `daysOf` takes. */
export function dateText(days: number): string {
  const date = new Date(days * DAY_MS);
  if (Number.isNaN(date.getTime())) {
    throw new RangeError(`Cannot write ${days} as a date: it is not a number of days since 1970`);
  }
  // Years beyond four digits are written with a sign.
  return date.toISOString().slice(0, -14);
}
