const FORMAT =
  /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)$/;

const ZERO = 48;
let lastDate = '';
let lastMidnight = Number.NaN;

/**
 * Milliseconds since 1970 of an ISO 8601 text with a time and a zone; NaN for all others.
 * A text without a zone would mean another moment on every machine, so it is none. Digits behind the millisecond are cut.
 */
export function parseInstant(text: string): number {
  const midnight = midnightOf(text);
  // The form of `toISOString`, which nearly every producer writes, needs neither regular expression nor
  // `Date.parse`: three quarters of the time of those two.
  const usual = text.length === 24 && text.charCodeAt(23) === 90 ? usualTime(text) : Number.NaN;
  if (!Number.isNaN(usual)) {
    return midnight + usual;
  }
  if (Number.isNaN(midnight) || !FORMAT.test(text)) {
    return Number.NaN;
  }
  return Date.parse(text.replace(',', '.').replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
}

/** The start of the text's date; records of one stream mostly share it. */
function midnightOf(text: string): number {
  if (text.length < 10 || !text.startsWith(lastDate) || lastDate === '') {
    const date = text.slice(0, 10);
    const midnight = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : Number.NaN;
    // `Date.parse` takes February 30 for March 1 or 2; a date that comes back changed is none.
    if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) {
      return Number.NaN;
    }
    // A copy: the text is a slice of the blob of its batch, which a kept slice would keep alive.
    lastDate = ` ${date}`.slice(1);
    lastMidnight = midnight;
  }
  return lastMidnight;
}

/** Milliseconds of `THH:MM:SS.mmmZ` at position 10; NaN if anything else stands there. */
function usualTime(text: string): number {
  const hours = number(text, 11, 2);
  const minutes = number(text, 14, 2);
  const seconds = number(text, 17, 2);
  const millis = number(text, 20, 3);
  const marked =
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58 &&
    text.charCodeAt(19) === 46;
  // NaN is not below anything, so a letter among the digits fails here.
  return marked && hours < 24 && minutes < 60 && seconds < 60
    ? hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + millis
    : Number.NaN;
}

function number(text: string, from: number, digits: number): number {
  let value = 0;
  for (let index = from; index < from + digits; index++) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) {
      return Number.NaN;
    }
    value = value * 10 + digit;
  }
  return value;
}
