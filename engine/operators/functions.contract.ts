import { t } from '../data/built-in-types.ts';
import { list, map, value } from '../stream/state-cells.ts';
import { type OperatorContract, Row } from './operator-contract.contract.ts';

const Seen = t.row({ key: t.string, text: t.string });

/** Functions of one record and of one key. */
export const functionContracts: readonly OperatorContract[] = [
  { name: 'map', build: (records) => records.map((record) => ({ ...record, n: -record.n })) },
  { name: 'filter', build: (records) => records.filter((record) => record.n % 2 === 0) },
  {
    name: 'flatMap',
    build: (records) => records.flatMap((record) => [record, { ...record, id: -record.id }]),
  },
  { name: 'union', inputs: 2, build: (first, second) => first.union(second) },
  {
    name: 'a process function without keys',
    build: (records) =>
      records.process('op', {
        output: Row,
        outputs: { odd: Row },
        onRecord(record, ctx) {
          if (record.n % 2 === 1) {
            ctx.side('odd', record);
          }
          ctx.emit({ ...record, n: ctx.time });
        },
      }),
  },
  {
    name: 'a process function with every kind of cell and timer',
    build: (records) =>
      records
        .keyBy((record) => record.key)
        .process('op', {
          output: Seen,
          outputs: { big: Row },
          state: { last: value(Row), all: list(t.int), count: map(t.int, t.int) },
          timers: ['flush'],
          processingTimers: ['tick'],
          onRecord(record, ctx) {
            const { last, all, count } = ctx.state;
            const before = last.get();
            last.set(record);
            all.push(record.n);
            count.set(record.n % 3, (count.get(record.n % 3) ?? 0) + 1);
            // A timer that is due already would fire when a restored job hears the watermark again.
            ctx.timers.flush.set(Math.max(ctx.time, ctx.watermark) + 3000);
            ctx.timers.tick.add(ctx.now() + 1500);
            if (record.n > 90) {
              ctx.side('big', record);
            }
            ctx.emit({ key: ctx.key, text: `${before?.id} then ${record.id} at ${ctx.time}` });
          },
          onTimer(timer, ctx) {
            const { all, count } = ctx.state;
            const counts = [...count.entries()].join(' ');
            ctx.emit({ key: ctx.key, text: `${timer} ${[...all].join()} ${counts} at ${ctx.time}` });
            if (timer === 'flush') {
              all.clear();
              count.clear();
            }
          },
        }),
  },
  {
    name: 'a process function whose state expires',
    build: (records) =>
      records
        .keyBy((record) => record.key)
        .process('op', {
          output: Seen,
          state: {
            sum: value(t.int, { ttl: '2 seconds' }),
            ids: list(t.int, { ttl: '3 seconds' }),
            seen: map(t.int, t.int, { ttl: '1 second' }),
          },
          onRecord(record, ctx) {
            const { sum, ids, seen } = ctx.state;
            sum.set((sum.get() ?? 0) + record.n);
            ids.push(record.id);
            seen.set(record.n % 5, record.id);
            ctx.emit({ key: ctx.key, text: `${sum.get()} ${[...ids].length} ${seen.size}` });
          },
        }),
  },
  {
    name: 'a rolling reduction',
    build: (records) =>
      records
        .keyBy((record) => record.key)
        .reduce('op', (left, right) => ({ key: left.key, n: left.n + right.n, id: right.id })),
  },
  { name: 'a rolling sum', build: (records) => records.keyBy((record) => record.key).sum('op', 'n') },
  {
    name: 'a rolling minBy',
    build: (records) => records.keyBy((record) => record.key).minBy('op', 'n', { tie: 'last' }),
  },
];
