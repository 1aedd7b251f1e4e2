/** Moments as people read them: local time; the exact one in UTC stands in the title. */

const DAY_AND_TIME = new Intl.DateTimeFormat('sv-SE', {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** "2026-11-20 16:41:15", in the reader's time zone. */
export function momentText(iso: string): string {
  return DAY_AND_TIME.format(new Date(iso));
}

/** "2026-11-20T16:41:15.203Z (UTC)". */
export function exactText(iso: string): string {
  return `${iso} (UTC)`;
}
