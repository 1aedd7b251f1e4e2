/** Streams to try things with: made up, endless where no count is given, and the same for the same seed. */
import { t } from '../../data/built-in-types.ts';
import type { Infer, Schema } from '../../data/schema.ts';
import type { Source } from '../connector.ts';
import { generator } from './generator.ts';

/** Options of {@link sensors}, {@link clicks} and {@link trades}. */
export interface PresetOptions {
  /** Another seed is another stream; 1 when left out. */
  readonly seed?: number;
  /** Event time of the first record, ms since 1970; that of 2026 when left out. */
  readonly start?: number;
  /** Event time between two records of a split, ms; 100 when left out. */
  readonly everyMs?: number;
  /** As in `generator`. */
  readonly count?: number;
  readonly splits?: number;
  readonly ratePerSecond?: number;
}

const START = Date.UTC(2026, 0, 1);

export const SensorReading = t.row({
  sensor: t.string,
  temperature: t.double,
  humidity: t.double,
  at: t.instant,
});
export const Click = t.row({ user: t.string, page: t.string, referrer: t.nullable(t.string), at: t.instant });
export const Trade = t.row({
  symbol: t.string,
  side: t.enum('buy', 'sell'),
  price: t.double,
  quantity: t.int,
  at: t.instant,
});

/** Temperatures that rise and fall with the hour of the day, of a hundred sensors. */
export function sensors(options: PresetOptions = {}): Source<Infer<typeof SensorReading>> {
  return preset(SensorReading, options, (chance, at) => {
    const sensor = Math.floor(chance() * 100);
    const daily = Math.sin(((at % 86_400_000) / 86_400_000) * 2 * Math.PI);
    return {
      sensor: `sensor-${sensor}`,
      temperature: rounded(18 + (sensor % 7) + 6 * daily + chance() * 2),
      humidity: rounded(40 + 30 * chance()),
      at,
    };
  });
}

/** Visits of ten thousand users to fifty pages, few of which have most of them. */
export function clicks(options: PresetOptions = {}): Source<Infer<typeof Click>> {
  return preset(Click, options, (chance, at) => ({
    user: `user-${Math.floor(chance() ** 2 * 10_000)}`,
    page: `/page/${Math.floor(chance() ** 3 * 50)}`,
    referrer: chance() < 0.3 ? null : (['search', 'mail', 'social'][Math.floor(chance() * 3)] ?? null),
    at,
  }));
}

/** Trades of eight symbols, each about a price of its own. */
export function trades(options: PresetOptions = {}): Source<Infer<typeof Trade>> {
  return preset(Trade, options, (chance, at) => {
    const symbol = Math.floor(chance() * SYMBOLS.length);
    return {
      symbol: SYMBOLS[symbol] ?? '',
      side: chance() < 0.5 ? ('buy' as const) : ('sell' as const),
      price: rounded((symbol + 1) * 40 * (1 + (chance() - 0.5) / 20)),
      quantity: 1 + Math.floor(chance() ** 4 * 1000),
      at,
    };
  });
}

const SYMBOLS = ['ALFA', 'BRVO', 'CHLE', 'DLTA', 'ECHO', 'FXTR', 'GOLF', 'HOTL'];

/** Numbers in [0, 1) that belong to one record. */
type Chance = () => number;

function preset<T extends { readonly at: number }>(
  schema: Schema<T>,
  { seed = 1, start = START, everyMs = 100, ...rest }: PresetOptions,
  make: (chance: Chance, at: number) => T,
): Source<T> {
  return generator({
    schema,
    time: ({ at }) => at,
    record: (index, split) => make(chanceOf(seed, split, index), start + index * everyMs),
    ...rest,
  });
}

/** Source: mulberry32, begun anew for every record, since a restored job asks for any of them. */
function chanceOf(seed: number, split: number, index: number): Chance {
  let state =
    Math.imul(seed, 0x9e3779b1) ^ Math.imul(split + 1, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
