import { describe, expect, it } from 'vitest';
import type { Sink } from '../../connectors/connector.ts';
import { generator } from '../../connectors/generator/index.ts';
import { application, t, value } from '../../index.ts';
import type { RunnableApplication } from '../application-ref.ts';
import { Deployment, type Run } from '../job-runs.fixture.ts';
import type { JobOptions } from '../job-options.ts';

const SPLITS = 3;
const COUNT = 200;
const KEYS = 7;
const START = 1_700_000_000_000;
const POISON_KEY = 3;
const POISON_AMOUNT = 5;
const FINISHED = { state: 'FINISHED', fenced: false };

const Order = t.row({ key: t.int, amount: t.int, card: t.string, at: t.instant });
const Total = t.row({ key: t.string, start: t.int, payments: t.int, volume: t.int });

/** Several orders are equal, and all equal ones are poison or none is. */
function orderOf(index: number, split: number) {
  const number = index * SPLITS + split;
  const amount = index === 60 || index === 150 ? POISON_AMOUNT : 10 + (number % 3);
  return {
    key: index === 60 || index === 150 ? POISON_KEY : number % KEYS,
    amount,
    card: 'card 4711',
    at: START + (index === 60 ? 150 : index) * 100,
  };
}

interface ShopOptions {
  readonly sink: Sink<never>;
  /** What the operators do with the poison: before they are mended they throw. */
  readonly mended: boolean;
  readonly where: 'map' | 'process' | 'time';
  readonly hide?: readonly string[];
}

function shop({ sink, mended, where, hide }: ShopOptions): RunnableApplication {
  const fail = ({ key, amount, card }: { key: number; amount: number; card: string }, place: string) => {
    if (!mended && where === place && key === POISON_KEY && amount === POISON_AMOUNT)
      throw new RangeError(`no such amount: ${amount} of ${card}`);
  };
  return application('shop', {
    ...(hide === undefined ? {} : { hide }),
    build({ source }) {
      const orders = generator({
        schema: Order,
        record: orderOf,
        count: COUNT,
        splits: SPLITS,
        ratePerSecond: 2000,
        time: (order) => {
          fail(order, 'time');
          return order.at;
        },
      });
      source('orders', orders, { watermark: '1 second' })
        .map((order) => {
          fail(order, 'map');
          return order;
        }, 'check')
        .keyBy(({ key }) => key)
        .process('sum', {
          output: Total,
          state: { orders: value(t.int), volume: value(t.int) },
          onRecord(order, { state, emit }) {
            // What a function has changed before it throws is taken back by the restore.
            state.orders.set((state.orders.get() ?? 0) + 1);
            fail(order, 'process');
            state.volume.set((state.volume.get() ?? 0) + order.amount);
            emit({
              key: `K${order.key}`,
              start: 0,
              payments: state.orders.get() ?? 0,
              volume: state.volume.get() ?? 0,
            });
          },
        })
        .to(sink, 'totals');
    },
  });
}

function expectedTotals(counts: (key: number, amount: number) => boolean): ReadonlyMap<string, string> {
  const totals = new Map<string, { payments: number; volume: number }>();
  for (let split = 0; split < SPLITS; split += 1) {
    for (let index = 0; index < COUNT; index += 1) {
      const { key, amount } = orderOf(index, split);
      if (!counts(key, amount)) continue;
      const { payments, volume } = totals.get(`K${key}/0`) ?? { payments: 0, volume: 0 };
      totals.set(`K${key}/0`, { payments: payments + 1, volume: volume + amount });
    }
  }
  return new Map(
    [...totals]
      .map(([key, { payments, volume }]) => [key, `${payments}/${volume}`] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

const all = expectedTotals(() => true);
const withoutPoison = expectedTotals((key, amount) => key !== POISON_KEY || amount !== POISON_AMOUNT);

interface Shop {
  readonly deployment: Deployment;
  start(this: void, program: Partial<ShopOptions>, more?: Partial<JobOptions>, seed?: number): Promise<Run>;
}

function openShop(): Shop {
  const deployment = new Deployment();
  return {
    deployment,
    start: (program, more = {}, seed = 1) =>
      deployment.start(
        {},
        {
          application: {
            application: shop({ sink: deployment.table.sink(0), mended: false, where: 'map', ...program }),
          },
          poison: { policy: 'dead-letter' },
          ...more,
        },
        seed,
      ),
  };
}

describe('a job that fails over the same record three times', () => {
  it('is FAILED with a sentence that says so, and keeps the first fault', async () => {
    const run = await openShop().start({}, { poison: { policy: 'fail' } });
    const end = await run.toEnd();
    expect(end).toMatchObject({
      state: 'FAILED',
      failure: {
        name: 'RangeError',
        operator: 'check',
        message: expect.stringContaining('it failed 3 times in the same way over the same record'),
      },
    });
    const { firstFault, faultGroups, restarts } = run.job.status();
    expect(firstFault?.message).toBe('Operator "check" failed: no such amount: 5 of card 4711');
    expect([restarts, faultGroups.length, faultGroups[0]?.count]).toEqual([2, 1, 3]);
  });

  it.each(['map', 'process', 'time'] as const)(
    'sets it aside and is exact without it: an error in %s',
    async (where) => {
      for (let seed = 0; seed < 6; seed += 1) {
        const { deployment, start } = openShop();
        const run = await start({ where }, {}, seed);
        expect(await run.toEnd()).toEqual(FINISHED);
        expect(deployment.table.rows.get('K3/0'), `seed ${seed}`).toBe(withoutPoison.get('K3/0'));
        expect(deployment.table.rows).toEqual(withoutPoison);
        const { deadLetters, restarts } = run.job.status();
        // Six equal records, all of them by one letter, since they are equal in value and time.
        expect(deadLetters).toHaveLength(1);
        expect(restarts).toBe(3);
        expect(deadLetters[0]).toMatchObject({
          status: 'set-aside',
          fault: { record: expect.stringContaining('"amount":5') },
        });
      }
    },
    60_000,
  );

  it.each(['map', 'process', 'time'] as const)(
    'is exact with it after it was mended and the record replayed: an error in %s',
    async (where) => {
      for (let seed = 0; seed < 6; seed += 1) {
        const { deployment, start } = openShop();
        const first = await start({ where }, {}, seed);
        await first.until(() => first.job.status().deadLetters.length === 1);
        await first.host.runFor(seed * 7);
        const { checkpoints } = first.job.status();
        await first.checkpoints(checkpoints.counts.completed + 1);
        // The process dies; what it had set aside since its last checkpoint was not set aside.
        const second = await start({ where, mended: true }, { parallelism: 1 + (seed % 3) }, seed);
        await second.until(() => second.job.status().state === 'RUNNING');
        const [letter] = second.job.status().deadLetters;
        const replayed = second.job.replay([letter?.id ?? '']);
        expect(await second.toEnd()).toEqual(FINISHED);
        await replayed;
        expect(second.job.status().deadLetters[0]?.status).toBe('replay');
        expect(deployment.table.rows, `seed ${seed}`).toEqual(all);
      }
    },
    60_000,
  );

  it('is FAILED when more records wait aside than may', async () => {
    const run = await openShop().start({}, { poison: { policy: 'dead-letter', faults: 1, maxRecords: 0 } });
    expect(await run.toEnd()).toMatchObject({
      state: 'FAILED',
      failure: { message: expect.stringContaining('0 records were set aside already, which is the limit') },
    });
  });

  it('shows neither the record nor the message with a field that the program hides', async () => {
    const run = await openShop().start({ hide: ['card'] }, { poison: { policy: 'fail', faults: 1 } });
    const end = await run.toEnd();
    expect(end?.failure).toMatchObject({ record: expect.stringContaining('"card":"•••"') });
    expect(JSON.stringify(run.job.status())).not.toContain('4711');
    expect(run.host.events.some((event) => JSON.stringify(event).includes('4711'))).toBe(false);
  });

  it('says where in its source the record stood', async () => {
    const run = await openShop().start({}, { poison: { policy: 'fail', faults: 1 } });
    const { source, restoredFrom } = (await run.toEnd())?.failure ?? {};
    expect(source).toMatchObject({ split: expect.any(String), position: expect.any(String) });
    expect(source?.record).toBeGreaterThan(0);
    expect(source?.record).toBeLessThanOrEqual(source?.records ?? 0);
    expect(restoredFrom).toBeUndefined();
  });

  it('refuses to replay what is not set aside', async () => {
    const run = await openShop().start({ mended: true });
    await run.until(() => run.job.status().state === 'RUNNING');
    let answer = '';
    void run.job.replay(['x']).catch((error: unknown) => {
      answer = String(error);
    });
    await run.until(() => answer !== '');
    expect(answer).toContain('Cannot replay dead letter "x": there is none of this id');
  });
});
