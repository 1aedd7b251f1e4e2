import { expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { Decimal } from '../data/decimal.ts';
import { stubSink, stubSource } from '../testing/stub-connectors.ts';
import { application } from './application.ts';

const Limits = t.row({
  minimum: t.decimal(10, 2),
  since: t.date,
  pause: t.nullable(t.interval),
  quota: t.bigint,
  rates: t.map(t.string, t.decimal(5, 3)),
  steps: t.array(t.row({ at: t.instant })),
});

/** What a program gets of a configuration. */
function configured(configuration: unknown): unknown {
  let seen: unknown;
  const program = application('limits', {
    config: Limits,
    build({ source, config }) {
      seen = config;
      source('in', stubSource(t.int)).to(stubSink('out'));
    },
  });
  program.build(configuration as never); // as a deployment sends it
  return seen;
}

const limits = {
  minimum: Decimal.of('12.50'),
  since: 20_778,
  pause: 300_000,
  quota: 7n,
  rates: new Map([['EUR', Decimal.of('1.100')]]),
  steps: [{ at: 0 }],
};

test('a program gets the values of its types from the JSON of a deployment', () => {
  const json = {
    minimum: '12.50',
    since: '2026-11-21',
    pause: 'PT5M',
    quota: 7,
    rates: { EUR: 1.1 },
    steps: [{ at: '1970-01-01T00:00:00Z' }],
  };
  expect(configured(json)).toEqual(limits);
});

test('a program gets the values that a test gives as they are', () => {
  expect(configured(limits)).toEqual(limits);
});

test.each([
  [
    { minimum: '12.505' },
    '"minimum" must be a Decimal with at most 10 digits, 2 of them behind the point, is "12.505"',
  ],
  [{ since: 'yesterday' }, '"since" must be a number of days since 1970, is "yesterday"'],
  [{ pause: undefined }, '"pause" is missing'],
  [{ pauses: 1 }, '"pauses" is unknown'],
  [{ rates: { EUR: 'x' } }, '"rates" must be a Map'],
])('what fits in no form is refused: %o', (wrong, message) => {
  expect(() => configured({ ...limits, ...wrong })).toThrow(
    `Cannot build application "limits": configuration field ${message}`,
  );
});
