/** Lengths of time as people read them. */
import { UNKNOWN, type Figure } from './number-text.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something took: "840 ms", "3.2 s", "4 min 10 s", "2 h 5 min", "3 d 4 h". */
export function durationText(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return UNKNOWN;
  if (ms < SECOND) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(ms < 10 * SECOND ? 1 : 0)} s`;
  if (ms < HOUR) return twoUnits(ms, [MINUTE, 'min'], [SECOND, 's']);
  if (ms < DAY) return twoUnits(ms, [HOUR, 'h'], [MINUTE, 'min']);
  return twoUnits(ms, [DAY, 'd'], [HOUR, 'h']);
}

/** How long ago, in its largest unit only: it is read at a glance and drawn again every second. */
export function ageText(ms: number): string {
  const { amount, unit } = ageFigure(ms);
  return `${amount} ${unit}`;
}

export function ageFigure(ms: number): Figure {
  const whole = (unit: number): string => String(Math.max(0, Math.floor(ms / unit)));
  if (ms < MINUTE) return { amount: whole(SECOND), unit: 's' };
  if (ms < HOUR) return { amount: whole(MINUTE), unit: 'min' };
  if (ms < 2 * DAY) return { amount: whole(HOUR), unit: 'h' };
  return { amount: whole(DAY), unit: 'days' };
}

function twoUnits(ms: number, large: readonly [number, string], small: readonly [number, string]): string {
  const major = Math.floor(ms / large[0]);
  const minor = Math.floor((ms % large[0]) / small[0]);
  return minor === 0 ? `${major} ${large[1]}` : `${major} ${large[1]} ${minor} ${small[1]}`;
}
