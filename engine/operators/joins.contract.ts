import { t } from '../data/built-in-types.ts';
import type { Stream } from '../stream/stream.ts';
import { session, tumbling } from '../stream/windows.ts';
import type { OperatorContract } from './operator-contract.contract.ts';
import type { ScriptRecord } from './operator-script.contract.ts';

const Seen = t.row({ key: t.string, text: t.string });

const byKey = (records: Stream<ScriptRecord>) => records.keyBy((record) => record.key);

/** Joins of two streams. */
export const joinContracts: readonly OperatorContract[] = [
  {
    name: 'an interval join',
    inputs: 2,
    build: (first, second) =>
      byKey(first)
        .intervalJoin(byKey(second), { lower: '-500 ms', upper: '1 second', upperExclusive: true })
        .process('op', {
          output: Seen,
          onPair(left, right, ctx) {
            ctx.emit({ key: ctx.key, text: `${left.id} ${right.id} ${ctx.leftTime} ${ctx.rightTime}` });
          },
        }),
  },
  {
    name: 'a window join',
    inputs: 2,
    blocks: false,
    build: (first, second) =>
      byKey(first)
        .windowJoin(byKey(second), tumbling('1 second'))
        .join('op', (left, right) => ({ key: left.key, text: `${left.id} ${right.id}` })),
  },
  {
    name: 'a co-group in sessions',
    inputs: 2,
    blocks: false,
    build: (first, second) =>
      byKey(first)
        .coGroup(byKey(second), session('400 ms'))
        .process('op', {
          output: Seen,
          onWindow(lefts, rights, ctx) {
            const ids = [lefts, rights].map((side) => side.map(({ id }) => id).join());
            ctx.emit({ key: ctx.key, text: ids.join(' and ') });
          },
        }),
  },
];
