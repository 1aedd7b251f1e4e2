/** How far event time lies behind the clock: the first figure to look at, since rates stay green while it stands still. */
import { ageFigure } from '../ui/duration-text.ts';
import { UNKNOWN, type Figure } from '../ui/number-text.ts';

/** Beyond these a reader should look closer; they color the figure and nothing else. */
const LATE_MS = 60_000;
const VERY_LATE_MS = 10 * 60_000;

export interface Lag extends Figure {
  readonly tone?: 'warning' | 'error';
}

export function watermarkLag(watermark: number | null | undefined, now: number): Lag {
  if (watermark === null || watermark === undefined) return { amount: UNKNOWN, unit: '' };
  const lagMs = Math.max(0, now - watermark);
  const figure = ageFigure(lagMs);
  if (lagMs >= VERY_LATE_MS) return { ...figure, tone: 'error' };
  return lagMs >= LATE_MS ? { ...figure, tone: 'warning' } : figure;
}
