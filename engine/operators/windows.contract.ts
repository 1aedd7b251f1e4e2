import { t } from '../data/built-in-types.ts';
import { aggregate, avg, count, max, min, sum } from '../stream/aggregates.ts';
import { evictors } from '../stream/evictors.ts';
import { value } from '../stream/state-cells.ts';
import type { Stream } from '../stream/stream.ts';
import { triggers } from '../stream/triggers.ts';
import { countWindow, globalWindow, session, sliding, tumbling } from '../stream/windows.ts';
import type { OperatorContract } from './operator-contract.contract.ts';
import type { ScriptRecord } from './operator-script.contract.ts';

const Seen = t.row({ key: t.string, text: t.string });

const byKey = (records: Stream<ScriptRecord>) => records.keyBy((record) => record.key);

const ids = (records: readonly ScriptRecord[]): string => records.map(({ id }) => id).join();

/** Windows with keys and without. Few rows come out of most, which fill no channel. */
export const windowContracts: readonly OperatorContract[] = [
  {
    name: 'a tumbling aggregate',
    blocks: false,
    build: (records) =>
      byKey(records)
        .window(tumbling('2 seconds', { offset: '500 ms' }))
        .aggregate('op', {
          n: count(),
          sum: sum((record) => record.n),
          low: min((record) => record.n),
          high: max((record) => record.n),
          mean: avg((record) => record.n),
        }),
  },
  {
    name: 'a sliding aggregate with lateness',
    blocks: false,
    build: (records) =>
      byKey(records)
        .window(sliding('4 seconds', '1 second'), { lateness: '10 seconds' })
        .aggregate('op', { n: count(), sum: sum((record) => record.n) }),
  },
  {
    name: 'a session aggregate',
    blocks: false,
    build: (records) =>
      byKey(records)
        .window(session('700 ms'), { lateness: '3 seconds' })
        .aggregate('op', {
          n: count(),
          ids: aggregate({
            init: () => '',
            add: (all, record: ScriptRecord) => `${all} ${record.id}`,
            merge: (left, right) => `${left} ${right}`,
            result: (all) => all,
          }),
        }),
  },
  {
    name: 'a session with gaps of its records',
    blocks: false,
    build: (records) =>
      byKey(records)
        .window(session((record: ScriptRecord) => 200 + record.n * 10))
        .reduce('op', (left, right) => ({ ...right, n: left.n + right.n })),
  },
  {
    name: 'a window function with state per key and per window',
    blocks: false,
    build: (records) =>
      byKey(records)
        .window(tumbling('3 seconds'), { lateness: '30 seconds' })
        .process('op', {
          output: Seen,
          outputs: { big: t.int },
          state: { seen: value(t.int) },
          windowState: { firings: value(t.int) },
          onWindow(all, ctx) {
            const { seen } = ctx.state;
            const { firings } = ctx.windowState;
            seen.set((seen.get() ?? 0) + 1);
            firings.set((firings.get() ?? 0) + 1);
            ctx.emit({ key: ctx.key, text: `${ids(all)} ${seen.get()} ${firings.get()}` });
          },
          onClear(ctx) {
            ctx.windowState.firings.clear();
          },
        }),
  },
  {
    name: 'a window reduction with a function of its result',
    blocks: false,
    build: (records) =>
      byKey(records)
        .window(sliding('6 seconds', '3 seconds'))
        .reduce('op', (left, right) => ({ ...left, n: left.n + right.n }), {
          output: Seen,
          onWindow(reduced, ctx) {
            ctx.emit({ key: ctx.key, text: `${reduced.n}` });
          },
        }),
  },
  {
    name: 'a count window',
    build: (records) => byKey(records).window(countWindow(4, 3)).process('op', seenRecords),
  },
  {
    name: 'a window of processing time',
    blocks: false,
    build: (records) =>
      byKey(records)
        .window(tumbling('2 seconds', { time: 'processing' }))
        .process('op', seenRecords),
  },
  {
    name: 'a global window with a purging delta trigger',
    blocks: false,
    build: (records) =>
      byKey(records)
        .window(globalWindow(), {
          trigger: triggers.purging(
            triggers.delta(40, (last: ScriptRecord, now: ScriptRecord) => now.n - last.n),
          ),
        })
        .process('op', seenRecords),
  },
  {
    name: 'a window with an own trigger and an evictor',
    build: (records) =>
      byKey(records)
        .window(tumbling('5 seconds'), {
          trigger: triggers.own({
            state: { total: value(t.int) },
            onRecord(record: ScriptRecord, ctx) {
              const total = (ctx.state.total.get() ?? 0) + record.n;
              ctx.state.total.set(total > 150 ? undefined : total);
              return total > 150 ? 'fire' : 'continue';
            },
          }),
          evictor: evictors.count(3),
        })
        .process('op', seenRecords),
  },
  {
    name: 'a window over all records',
    blocks: false,
    keyOf: () => 'all',
    build: (records) =>
      records
        .windowAll(tumbling('2 seconds'))
        .aggregate('op', { n: count(), sum: sum((record) => record.n) }),
  },
];

const seenRecords = {
  output: Seen,
  onWindow(
    all: readonly ScriptRecord[],
    ctx: { readonly key: string; emit(row: { key: string; text: string }): void },
  ): undefined {
    ctx.emit({ key: ctx.key, text: ids(all) });
  },
};
