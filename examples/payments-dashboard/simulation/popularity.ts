/** How much is paid where at a moment: shares drift over minutes, and sources have bursts. */
import { countries } from './countries.ts';
import { paymentSources } from './payment-sources.ts';
import { randomAt } from './random.ts';

const DRIFT_PURPOSE = 100;
const BURST_PURPOSE = 200;
const BURST_SECONDS = 50;
const BURST_CHANCE = 0.22;

/** Weights of countries and payment sources in one second of the simulation. */
export interface Popularity {
  readonly countries: readonly number[];
  readonly sources: readonly number[];
}

/** `skew` sharpens (above 1) or flattens (below 1) the differences between countries. */
export function popularityAt(seed: number, skew: number, second: number): Popularity {
  return {
    countries: countries.map(({ weight }, index) => weight ** skew * drift(seed, index, second)),
    sources: paymentSources.map(({ weight }, index) => weight * (1 + 3.2 * burst(seed, index, second))),
  };
}

/** Two slow waves of a length of their own for each country: between about 0.4 and 2.2. */
function drift(seed: number, index: number, second: number): number {
  const random = (offset: number): number => randomAt(seed, DRIFT_PURPOSE + offset, index);
  const wave = (period: number, phase: number): number => Math.sin(2 * Math.PI * (second / period + phase));
  return Math.exp(0.5 * wave(240 + 300 * random(0), random(1)) + 0.3 * wave(90 + 80 * random(2), random(3)));
}

/** Rises and falls within a slot of time when the source has a burst in it, else 0. */
function burst(seed: number, index: number, second: number): number {
  const slot = Math.floor(second / BURST_SECONDS);
  if (randomAt(seed, BURST_PURPOSE + index, slot) >= BURST_CHANCE) return 0;
  return Math.sin((Math.PI * (second % BURST_SECONDS)) / BURST_SECONDS) ** 2;
}
