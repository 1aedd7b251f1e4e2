const UNITS = { day: 86_400_000, hour: 3_600_000, minute: 60_000, second: 1000 } as const;
const FORMAT =
  /^(-?)P(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.(\d{1,9}))?S)?)?$/;

/**
 * Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds, such as `PT5M`; NaN for any other text.
 * Months and years have no fixed length, so a duration with them is none. Digits behind the millisecond are cut.
 */
export function parseInterval(text: string): number {
  const [matched, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] =
    FORMAT.exec(text) ?? [];
  if (matched === undefined || text.endsWith('P')) {
    return Number.NaN;
  }
  const ms =
    Number(days) * UNITS.day +
    Number(hours) * UNITS.hour +
    Number(minutes) * UNITS.minute +
    Number(seconds) * UNITS.second +
    Number(fraction.slice(0, 3).padEnd(3, '0'));
  return sign === '-' && ms !== 0 ? -ms : ms;
}

/** An ISO 8601 duration of milliseconds: `PT5M`, `-P1DT0.5S`, `PT0S`. */
export function intervalText(ms: number): string {
  let rest = Math.abs(ms);
  const take = (unit: number, letter: string): string => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count === 0 ? '' : `${count}${letter}`;
  };
  const days = take(UNITS.day, 'D');
  const time =
    take(UNITS.hour, 'H') + take(UNITS.minute, 'M') + (rest === 0 ? '' : `${rest / UNITS.second}S`);
  if (days === '' && time === '') {
    return 'PT0S';
  }
  return `${ms < 0 ? '-' : ''}P${days}${time === '' ? '' : `T${time}`}`;
}
