import { describe, expect, it } from 'vitest';
import { t } from '../../data/built-in-types.ts';
import { recordBatch } from '../../data/record-batch.ts';
import { application, count, sum, tumbling } from '../../index.ts';
import { expectedTotals, paymentOf, type Payment, type TotalsTable } from '../../runtime/counting.fixture.ts';
import { COUNT, Deployment, SPLITS } from '../../runtime/job-runs.fixture.ts';
import { SimulatedHost } from '../../runtime/simulated-host.ts';
import type { Source } from '../connector.ts';
import { generator } from '../generator/index.ts';
import { TestConnectorHost } from '../connector-host.fixture.ts';
import { history } from './index.ts';

const Payment = t.row({ country: t.string, amount: t.double, at: t.instant });
const START = 1_700_000_040_000;
const UNTIL = START + (COUNT * 500) / 2 + 137;
const SEEDS = 60;
const expected = expectedTotals(SPLITS, COUNT);

/** The same payments on both sides: half of each is the other's. */
function payments(watch: () => void = () => undefined): Source<Payment> {
  return generator({
    schema: Payment,
    record: (index, split) => {
      watch();
      return paymentOf(index, split);
    },
    time: ({ at }) => at,
    count: COUNT,
    splits: SPLITS,
    ratePerSecond: 4000,
  });
}

function program(table: TotalsTable, source: Source<Payment>, watch: () => void = () => undefined) {
  return application('counting', {
    build(job) {
      job
        .source('payments', source, { watermark: '3 seconds', idle: '5 ms' })
        .map((payment) => {
          watch();
          return payment;
        }, 'watch')
        .keyBy(({ country }) => country)
        .window(tumbling('1 minute'))
        .aggregate('per-country', { payments: count(), volume: sum(({ amount }) => amount) })
        .to(table.sink(5), 'totals');
    },
  });
}

const both = () => history(payments(), payments(), { until: UNTIL });

describe('a history with a live source behind it', () => {
  it('counts every record once, on its side of the boundary', async () => {
    const deployment = new Deployment();
    const app = program(deployment.table, both());
    const run = await deployment.start({}, { application: { application: app }, parallelism: 4 });
    expect(await run.toEnd()).toEqual({ state: 'FINISHED', fenced: false });
    expect(deployment.table.rows).toEqual(expected);
    // Each window fired once: none of its records was late, and none fired before the live ones were there.
    expect(deployment.table.writes).toBe(expected.size);
  });

  it('counts every record once when it fails and dies at any moment', async () => {
    const seen = { deaths: 0, faults: 0, switched: 0 };
    for (let seed = 1; seed <= SEEDS; seed += 1) await liveAndDie(seed, seen);
    expect(seen.deaths).toBeGreaterThan(SEEDS / 2);
    expect(seen.faults).toBeGreaterThan(SEEDS / 2);
    expect(seen.switched).toBeGreaterThan(SEEDS / 4);
  }, 60_000);

  it('reads the live source only after all of the past', async () => {
    const enumerator = both().enumerator(new TestConnectorHost());
    const past = (await enumerator.discover(new Map())).map(({ id }) => id);
    expect(past).toEqual(['past/0', 'past/1', 'past/2']);
    expect(enumerator.laterSplitsFrom).toBe(UNTIL);
    const known = new Map(past.map((id) => [id, id !== 'past/1']));
    expect(await enumerator.discover(known)).toEqual([]);
    known.set('past/1', true);
    expect((await enumerator.discover(known)).map(({ id }) => id)).toEqual(['0', '1', '2']);
    expect(enumerator.laterSplitsFrom).toBeUndefined();
  });

  it('goes on with the live source at once when there is no past', async () => {
    const nothing = generator({
      schema: Payment,
      record: paymentOf,
      time: ({ at }) => at,
      count: 0,
      splits: 0,
    });
    const enumerator = history(nothing, payments(), { until: UNTIL }).enumerator(new TestConnectorHost());
    expect(await enumerator.discover(new Map())).toHaveLength(SPLITS);
  });

  it.each([
    ['can pass over', (source: Source<Payment>) => source],
    ['can only leave alone all of', leftAlone],
  ])('passes over paused splits of readers that %s theirs', (_, reading) => {
    const host = new TestConnectorHost();
    const source = history(reading(payments()), reading(payments()), { until: UNTIL });
    const reader = source.reader(host, 0);
    for (const id of ['past/0', 'past/1', '0']) reader.add({ id, position: '' });
    host.nowMs += 1000;
    const polled = (paused: readonly string[]) => {
      reader.pause?.(new Set(paused));
      return reader.poll(recordBatch(1))?.split;
    };
    expect(polled(['past/0', 'past/1'])).toBe('0');
    expect(polled(['past/0', 'past/1', '0'])).toBeUndefined();
    expect(['past/0', 'past/1']).toContain(polled(['0']));
  });

  it('refuses a boundary, a past and a live source with which it could not be exact', () => {
    const endless = generator({ schema: Payment, record: paymentOf, time: ({ at }) => at });
    const timeless = generator({ schema: Payment, record: paymentOf, count: 1 });
    const latest = { ...payments(), connector: 'kinesis', options: { start: 'latest' } };
    const joined = (past: Source<Payment>, live: Source<Payment>, until: string) => () =>
      history(past, live, { until });
    expect(joined(payments(), payments(), 'yesterday')).toThrow('until is "yesterday"; give ISO 8601');
    expect(joined(endless, payments(), '2026-11-01T00:00:00Z')).toThrow('"generator" has no end');
    expect(joined(timeless, timeless, '2026-11-01T00:00:00Z')).toThrow('neither has event time');
    expect(joined(payments(), latest, '2026-11-01T00:00:00Z')).toThrow(
      'Cannot join the history of "generator" to "kinesis": "kinesis" starts at its latest record',
    );
  });
});

/** The same source with readers that cannot pause single splits. */
function leftAlone(source: Source<Payment>): Source<Payment> {
  return {
    ...source,
    reader(host, subtask) {
      const reader = source.reader(host, subtask);
      return {
        add: (split) => {
          reader.add(split);
        },
        poll: (batch) => reader.poll(batch),
        onAvailable: (wake) => {
          reader.onAvailable(wake);
        },
        positions: () => reader.positions(),
        close: () => reader.close(),
      };
    },
  };
}

/** Processes die by the clock, payments fail by their number; every process has another parallelism. */
async function liveAndDie(
  seed: number,
  seen: { deaths: number; faults: number; switched: number },
): Promise<void> {
  const deployment = new Deployment();
  const dice = new SimulatedHost({ seed: seed * 7919 });
  const faultAt = 1 + Math.floor(dice.random() * 1.3 * SPLITS * COUNT);
  let counted = 0;
  const watch = () => {
    counted += 1;
    if (counted !== faultAt) return;
    seen.faults += 1;
    throw new Error(`failure at payment ${counted}`);
  };
  for (let ended = false; !ended;) {
    let lives = false;
    const source = history(
      payments(),
      payments(() => {
        lives = true;
      }),
      { until: UNTIL },
    );
    const run = await deployment.start(
      {},
      {
        application: { application: program(deployment.table, source, watch) },
        parallelism: 1 + ((seed + deployment.epoch) % 4),
      },
      seed,
    );
    const lifeMs = deployment.epoch < 3 ? 30 + Math.floor(dice.random() * 120) : 3_600_000;
    ended = await run.host.runUntil(() => run.end !== undefined, lifeMs);
    if (!ended) seen.deaths += 1;
    if (!ended && lives) seen.switched += 1;
    if (ended) expect([seed, run.end]).toEqual([seed, { state: 'FINISHED', fenced: false }]);
  }
  expect([seed, deployment.table.rows]).toEqual([seed, expected]);
}
