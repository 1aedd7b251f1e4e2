/** Where payments come from: a share in the long run, and the currency that is paid in. */
export interface Country {
  readonly code: string;
  readonly currency: Currency;
  readonly weight: number;
}

export const currencies = ['EUR', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'HUF', 'RON'] as const;
export type Currency = (typeof currencies)[number];

/** Euros for one unit of a currency, fixed for the example. */
export const euros: Readonly<Record<Currency, number>> = {
  EUR: 1,
  GBP: 1.17,
  CHF: 1.04,
  SEK: 0.09,
  NOK: 0.086,
  DKK: 0.134,
  PLN: 0.234,
  CZK: 0.041,
  HUF: 0.0025,
  RON: 0.197,
};

const country = (code: string, weight: number, currency: Currency = 'EUR'): Country => ({
  code,
  currency,
  weight,
});

export const countries: readonly Country[] = [
  country('DE', 168),
  country('GB', 142, 'GBP'),
  country('FR', 136),
  country('IT', 102),
  country('ES', 94),
  country('NL', 62),
  country('PL', 58, 'PLN'),
  country('BE', 34),
  country('SE', 33, 'SEK'),
  country('CH', 31, 'CHF'),
  country('AT', 28),
  country('NO', 22, 'NOK'),
  country('PT', 22),
  country('DK', 21, 'DKK'),
  country('IE', 20),
  country('CZ', 19, 'CZK'),
  country('FI', 18),
  country('RO', 17, 'RON'),
  country('GR', 17),
  country('HU', 14, 'HUF'),
  country('SK', 9),
  country('BG', 8),
  country('HR', 8),
  country('LT', 6),
  country('SI', 5),
  country('LV', 4),
  country('EE', 4),
  country('LU', 4),
];
