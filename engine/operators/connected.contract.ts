import { t } from '../data/built-in-types.ts';
import { list, map, operatorList, value } from '../stream/state-cells.ts';
import { type OperatorContract, Row } from './operator-contract.contract.ts';

const Seen = t.row({ key: t.string, text: t.string });

/** Functions of two streams. */
export const connectedContracts: readonly OperatorContract[] = [
  {
    name: 'a function of two keyed streams',
    inputs: 2,
    build: (first, second) =>
      first
        .keyBy((record) => record.key)
        .connect(second.keyBy((record) => record.key))
        .process('op', {
          output: Seen,
          outputs: { passed: Row },
          state: { left: list(t.int), right: value(Row) },
          timers: ['compare'],
          onFirst(record, ctx) {
            ctx.state.left.push(record.id);
            ctx.timers.compare.set(Math.max(ctx.time, ctx.watermark) + 2000);
          },
          onSecond(record, ctx) {
            ctx.emit({ key: ctx.key, text: `${[...ctx.state.left].join()} ${ctx.state.right.get()?.id}` });
            ctx.state.right.set(record);
            ctx.side('passed', record);
          },
          onTimer(_, ctx) {
            ctx.emit({ key: ctx.key, text: `${[...ctx.state.left].join()} at ${ctx.time}` });
            ctx.state.left.clear();
          },
        }),
  },
  {
    name: 'a function of two streams without keys',
    inputs: 2,
    build: (first, second) =>
      first.connect(second).process('op', {
        output: Seen,
        state: { seen: operatorList(t.int) },
        onFirst(record, ctx) {
          ctx.state.seen.push(record.id);
          ctx.emit({ key: record.key, text: `first ${record.id}` });
        },
        onSecond(record, ctx) {
          ctx.emit({ key: record.key, text: `second ${record.id} at ${ctx.time}` });
        },
      }),
  },
  {
    name: 'a function of a keyed and a broadcast stream',
    inputs: 2,
    build: (first, second) =>
      first
        .keyBy((record) => record.key)
        .connect(second.broadcast({ latest: map(t.string, t.int) }))
        .process('op', {
          output: Seen,
          state: { count: value(t.int) },
          timers: ['done'],
          onRecord(record, ctx) {
            const { count } = ctx.state;
            count.set((count.get() ?? 0) + 1);
            ctx.timers.done.set(Math.max(ctx.time, ctx.watermark) + 4000);
            ctx.emit({ key: ctx.key, text: `${count.get()} ${ctx.broadcast.latest.get(record.key)}` });
          },
          onBroadcast(record, ctx) {
            ctx.broadcast.latest.set(record.key, record.id);
            ctx.forEachKey('count', (key, count) => {
              ctx.emit({ key, text: `${record.id} finds ${count.get()}` });
            });
          },
          onTimer(_, ctx) {
            ctx.emit({ key: ctx.key, text: `done with ${[...ctx.broadcast.latest.entries()].length}` });
            ctx.state.count.clear();
          },
        }),
  },
  {
    name: 'a function of a stream without keys and a broadcast one',
    inputs: 2,
    build: (first, second) =>
      first.connect(second.broadcast({ latest: map(t.string, t.int) })).process('op', {
        output: Seen,
        onRecord(record, ctx) {
          ctx.emit({ key: record.key, text: `${record.id} ${ctx.broadcast.latest.get(record.key)}` });
        },
        onBroadcast(record, ctx) {
          ctx.broadcast.latest.set(record.key, record.id);
        },
      }),
  },
];
