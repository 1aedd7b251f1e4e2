/** Queries of a whole job, whose program is written as users write theirs. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Sink } from '../connectors/connector.ts';
import { generator } from '../connectors/generator/index.ts';
import { t } from '../data/built-in-types.ts';
import { Deployment, type Run } from '../runtime/job-runs.fixture.ts';
import type { StateAnswer, StateQuery, StateSummary } from '../runtime/queries/state-query.ts';
import { aggregate, count, sum } from '../stream/aggregates.ts';
import { application } from '../stream/application.ts';
import { aggregating, list, map, value } from '../stream/state-cells.ts';
import { session, tumbling } from '../stream/windows.ts';

const START = 1_700_000_040_000;
const USERS = 40;
const Click = t.row({ user: t.int, page: t.string, serial: t.bigint, at: t.instant });
const clicks = aggregate({
  init: () => ({ seen: 0 }),
  add: ({ seen }) => ({ seen: seen + 1 }),
  result: ({ seen }) => seen,
});

const nowhere: Sink<never> = {
  connector: 'nowhere',
  guarantee: 'effectively-once',
  options: {},
  writer: () => ({
    write: () => undefined,
    pending: 0,
    highWater: 1,
    flush: () => Promise.resolve(),
    onAvailable: () => undefined,
    close: () => Promise.resolve(),
  }),
};

/** All records have come after a moment; then the job stays as it is. */
const RECORDS = 400;
const program = application('clicks', {
  build({ source }) {
    const all = source(
      'clicks',
      generator({
        schema: Click,
        record: (index) =>
          index < RECORDS
            ? {
                user: index % USERS,
                page: `/p${index % 7}`,
                serial: 2n ** 60n + BigInt(index),
                at: START + index,
              }
            : { user: 0, page: '/p0', serial: 0n, at: START },
        time: ({ at }) => at,
        ratePerSecond: 20_000,
        count: 1_000_000,
      }),
      { watermark: '1 hour' },
    ).filter(({ serial }) => serial > 0n);
    const byUser = all.keyBy(({ user }) => user);
    byUser
      .process('profile', {
        output: Click,
        state: {
          last: value(Click),
          pages: map(t.string, t.instant),
          times: list(t.instant),
          clicks: aggregating(t.row({ seen: t.int }), clicks),
          gone: value(t.int, { ttl: '1 ms' }),
        },
        timers: ['quiet'],
        onRecord(click, ctx) {
          ctx.state.last.set(click);
          ctx.state.pages.set(click.page, click.at);
          ctx.state.times.push(click.at);
          ctx.state.clicks.add(click);
          if (click.at < START + 10) ctx.state.gone.set(1);
          ctx.timers.quiet.set(START + 86_400_000);
        },
        onTimer() {},
      })
      .to(nowhere, 'out');
    byUser
      .window(tumbling('1 hour'))
      .aggregate('per-hour', { clicks: count(), users: sum(({ user }) => user) })
      .to(nowhere, 'hours');
    all
      .keyBy(({ user, page }) => [page, user])
      .window(session('1 hour'))
      .aggregate('visits', { clicks: count() })
      .to(nowhere, 'visited');
  },
});

let run: Run;
beforeEach(async () => {
  run = await new Deployment().start({}, { application: { application: program }, configuration: undefined });
  await run.until(() => processed(run) >= RECORDS);
});

function processed({ job }: Run): number {
  return job
    .status()
    .vertices.flatMap(({ subtasks }) => subtasks)
    .flatMap(({ operators }) => operators)
    .filter(({ name }) => name === 'profile')
    .reduce((total, { recordsIn }) => total + recordsIn, 0);
}

/** Lets the world go on until the answer is there. */
async function settled<T>(question: Promise<T>): Promise<T> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  question.then(end, end);
  await run.host.runUntil(() => over);
  return question;
}

function read(operator: string, state: string, more: Partial<StateQuery> = {}): Promise<StateAnswer> {
  return settled(run.job.queryState({ operator, state, limit: 100, ...more }));
}

function states(): Promise<readonly StateSummary[]> {
  return settled(run.job.states());
}

describe('a query of a running job', () => {
  test('lists states with kinds, types, key kinds and entries', async () => {
    const all = await states();
    expect(all.find(({ state }) => state === 'last')).toMatchObject({
      operator: 'profile',
      kind: 'value',
      entries: USERS,
      keyKind: 'number',
      valueType: { kind: 'row' },
    });
    expect(all.find(({ state }) => state === 'pages')).toMatchObject({
      kind: 'map',
      mapKeyType: { kind: 'string' },
    });
    expect(all.find(({ operator }) => operator === 'visits')).toMatchObject({
      kind: 'windows',
      keyKind: 'array',
    });
  });

  test('reads a value by key in the JSON of its type', async () => {
    const { entries, consistency } = await read('profile', 'last', { key: '17' });
    expect(consistency).toBe('live');
    const index = RECORDS - USERS + 17;
    expect(entries).toEqual([
      {
        key: 17,
        value: {
          user: 17,
          page: `/p${index % 7}`,
          serial: String(2n ** 60n + BigInt(index)),
          at: new Date(START + index).toISOString(),
        },
      },
    ]);
  });

  test('reads maps, lists, accumulators, timers and windows by key', async () => {
    expect((await read('profile', 'pages', { key: '3' })).entries).toHaveLength(7);
    expect((await read('profile', 'pages', { key: '3', mapKey: '/p3' })).entries).toMatchObject([
      { key: 3, mapKey: '/p3', value: expect.stringMatching(/^2023-11-14T/) },
    ]);
    expect((await read('profile', 'times', { key: '3' })).entries).toMatchObject([{ count: 10 }]);
    expect((await read('profile', 'clicks', { key: '3' })).entries).toEqual([{ key: 3, value: 10 }]);
    expect((await read('profile', 'timers', { key: '3' })).entries).toEqual([
      { key: 3, name: 'quiet', time: new Date(START + 86_400_000).toISOString() },
    ]);
    expect((await read('per-hour', 'windows', { key: '3' })).entries).toMatchObject([
      { key: 3, window: { end: '2023-11-14T23:00:00.000Z' }, value: { clicks: 10, users: 30 } },
    ]);
    expect((await read('visits', 'windows', { key: '["/p3",3]' })).entries).toMatchObject([
      { key: ['/p3', 3], window: { start: expect.any(String), end: expect.any(String) } },
    ]);
  });

  test('gives nothing for a key that is not there, and what has expired is not there', async () => {
    expect((await read('profile', 'last', { key: '999' })).entries).toEqual([]);
    await run.host.runFor(5);
    expect((await read('profile', 'gone', { key: '3' })).entries).toEqual([]);
  });

  test('goes through all keys of all subtasks by cursors, each once', async () => {
    const keys: unknown[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await read('profile', 'last', { limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      keys.push(...page.entries.map(({ key }) => key));
      ({ cursor } = page);
      pages += 1;
    } while (cursor !== undefined);
    expect(pages).toBeGreaterThan(USERS / 7);
    expect(keys.toSorted((left, right) => Number(left) - Number(right))).toEqual(
      Array.from({ length: USERS }, (_, user) => user),
    );
  });

  test('refuses a cursor that was used, and says so', async () => {
    const { cursor = '' } = await read('profile', 'last', { limit: 3 });
    await read('profile', 'last', { limit: 3, cursor });
    await expect(read('profile', 'last', { limit: 3, cursor })).rejects.toMatchObject({ refusal: 'expired' });
    await expect(read('profile', 'last', { cursor: 'bm9uZQ' })).rejects.toMatchObject({ refusal: 'expired' });
  });

  test('names the known ones where an operator or a state is unknown', async () => {
    await expect(read('nobody', 'last')).rejects.toThrow(
      /Cannot read state of operator "nobody": .*"profile"/,
    );
    await expect(read('profile', 'first')).rejects.toThrow(
      /Cannot read state "first" of operator "profile": it has "last", "pages"/,
    );
  });

  test('refuses keys of another type, too many entries and a map key without a map', async () => {
    await expect(read('profile', 'last', { key: 'seventeen' })).rejects.toThrow(
      /Cannot read key "seventeen": keys of this operator are like \d+; give a number/,
    );
    await expect(read('visits', 'windows', { key: '/p3' })).rejects.toThrow('give a JSON array');
    await expect(read('profile', 'last', { limit: 1001 })).rejects.toThrow('from 1 to 1000');
    await expect(read('profile', 'last', { key: '1', mapKey: 'x' })).rejects.toThrow('a state of kind "map"');
  });

  test('changes nothing: totals are what they are without it', async () => {
    const watched = new Deployment();
    const counting = await watched.start();
    let open = 0;
    while (counting.end === undefined) {
      if (counting.job.status().state === 'RUNNING' && open < 4) {
        open += 1;
        const over = (): void => {
          open -= 1;
        };
        counting.job.queryState({ operator: 'per-country', state: 'windows', limit: 5 }).then(over, over);
      }
      await counting.host.runFor(1);
    }
    const alone = new Deployment();
    await (await alone.start()).toEnd();
    expect(watched.table.rows).toEqual(alone.table.rows);
  });

  test('is refused by a job that does not run', async () => {
    await settled(run.job.cancel());
    await expect(run.job.queryState({ operator: 'profile', state: 'last', limit: 1 })).rejects.toThrow(
      'it is CANCELED; ask again when it is RUNNING',
    );
  });
});
