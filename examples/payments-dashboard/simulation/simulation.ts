/**
 * Payments around Europe as a pure function of their index, so that whoever wants to check a result can count the
 * very same payments without the stream.
 */
import { countries, euros } from './countries.ts';
import type { Currency } from './countries.ts';
import { paymentSources } from './payment-sources.ts';
import { popularityAt } from './popularity.ts';
import type { Popularity } from './popularity.ts';
import { randomAt } from './random.ts';
import { choose } from './weighted-choice.ts';

/** A payment as it stands in the stream; `at` in ms since 1970. */
export interface SimulatedPayment {
  readonly id: string;
  readonly country: string;
  readonly source: string;
  readonly amount: number;
  readonly currency: Currency;
  readonly at: number;
}

export interface SimulationOptions {
  readonly seed: number;
  readonly ratePerSecond: number;
  readonly skew: number;
  /** Share of payments that come 10 seconds to 3 minutes late. */
  readonly lateShare: number;
  /** Share of records that cannot be decoded. */
  readonly corruptShare: number;
}

/** From payment `index` on, one is due every 1/rate seconds, the first of them at `at`. */
export interface Schedule {
  readonly index: number;
  readonly at: number;
}

export interface Simulation {
  dueAt(index: number, schedule: Schedule): number;
  payment(index: number, schedule: Schedule): SimulatedPayment;
  /** What goes into the stream: the payment as JSON, or something that no decoder takes. */
  encode(index: number, schedule: Schedule): Uint8Array;
  isCorrupt(index: number): boolean;
}

const OUT_OF_ORDER_SHARE = 0.2;
const OUT_OF_ORDER_MS = 5000;
const LATE_MS = { min: 10_000, max: 180_000 };
/** One purpose for each property of a payment: they must not depend on each other. */
const purpose = { country: 1, source: 2, amount: 3, spread: 4, order: 5, delay: 6, corrupt: 7 };

/** Starts nothing and keeps no state but the weights of the second that was asked for last. */
export function createSimulation(options: SimulationOptions): Simulation {
  const { seed, ratePerSecond } = options;
  const random = (of: number, index: number): number => randomAt(seed, of, index);
  let latest: { second: number; popularity: Popularity } | undefined;
  const popularity = (index: number): Popularity => {
    const second = Math.floor(index / ratePerSecond);
    if (latest?.second !== second) latest = { second, popularity: popularityAt(seed, options.skew, second) };
    return latest.popularity;
  };
  const dueAt = (index: number, schedule: Schedule): number =>
    schedule.at + Math.floor(((index - schedule.index) * 1000) / ratePerSecond);
  const isCorrupt = (index: number): boolean => random(purpose.corrupt, index) < options.corruptShare;

  const delayOf = (index: number): number =>
    delay(random(purpose.order, index), random(purpose.delay, index), options.lateShare);

  const payment = (index: number, schedule: Schedule): SimulatedPayment => {
    const weights = popularity(index);
    const country = at(countries, choose(weights.countries, random(purpose.country, index)));
    const source = at(paymentSources, choose(weights.sources, random(purpose.source, index)));
    const amount = amountAround(source.median, random(purpose.amount, index), random(purpose.spread, index));
    return {
      id: paymentId(index),
      country: country.code,
      source: source.name,
      amount: Math.max(1, Math.round((amount / euros[country.currency]) * 100)) / 100,
      currency: country.currency,
      // Nothing was paid before the simulation began.
      at: Math.max(schedule.at, dueAt(index, schedule) - delayOf(index)),
    };
  };
  const encode = (index: number, schedule: Schedule): Uint8Array => {
    const text = JSON.stringify(payment(index, schedule));
    return new TextEncoder().encode(isCorrupt(index) ? text.slice(0, text.length / 2) : text);
  };
  return { dueAt, payment, encode, isCorrupt };
}

/** The id of a payment is its index: what is in the stream tells by itself what has been sent. */
export function paymentId(index: number): string {
  return `p-${String(index).padStart(9, '0')}`;
}

/** The index of an id that `paymentId` made; undefined for a record that somebody else wrote. */
export function paymentIndex(id: string): number | undefined {
  return /^p-\d{9,}$/.test(id) ? Number(id.slice(2)) : undefined;
}

/** Log-normal by the transform of Box and Muller: most amounts are near the median, a few are large. */
function amountAround(median: number, first: number, second: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
  return median * Math.exp(0.7 * normal);
}

/** How long before it is sent a payment happened. */
function delay(order: number, amount: number, lateShare: number): number {
  if (order < lateShare) return Math.floor(LATE_MS.min + amount * (LATE_MS.max - LATE_MS.min));
  if (order < lateShare + OUT_OF_ORDER_SHARE) return Math.floor(amount * OUT_OF_ORDER_MS);
  return 0;
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`Cannot choose item ${index} of ${list.length}`);
  return item;
}
