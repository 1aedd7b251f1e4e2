/** What programs do with state of their older versions, from the declaration to the record. */
import { describe, expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { harness } from '../testing/harness.ts';
import { aggregating, list, map, migration, reducing, value, type Cell } from './state-cells.ts';

type Access = { readonly [method: string]: (...given: unknown[]) => unknown };

/** A program that lets `use` work on its one cell with every record, and emits what it gives. */
function program(cell: Cell<unknown>, use: (cell: Access) => unknown) {
  return harness<string, string>((records) =>
    records
      .keyBy((record) => record)
      .process('people', {
        output: t.string,
        state: { held: cell },
        onRecord(_, ctx) {
          const given = use(ctx.state.held as Access);
          ctx.emit(JSON.stringify(given ?? null));
        },
      }),
  );
}

const Old = t.row({ name: t.string });
const New = t.row({ first: t.string, last: t.string });
const split = ({ name }: { name: string }) => {
  const [first = '', last = ''] = name.split(' ');
  return { first, last };
};
const ada = { name: 'Ada Byron' };
const migrated = { first: 'Ada', last: 'Byron' };
const migrations = [migration(Old, split)];

describe('a migration brings over what an older version kept', () => {
  test.each<
    [string, Cell<unknown>, Cell<unknown>, (cell: Access) => unknown, (cell: Access) => unknown, unknown]
  >([
    [
      'in a value',
      value(Old),
      value(New, { migrations }),
      (c) => c['set']?.(ada),
      (c) => c['get']?.(),
      migrated,
    ],
    [
      'in a list',
      list(Old),
      list(New, { migrations }),
      (c) => c['push']?.(ada),
      (c) => [...(c as unknown as Iterable<unknown>)],
      [migrated],
    ],
    [
      'in a map',
      map(t.string, Old),
      map(t.string, New, { migrations }),
      (c) => c['set']?.('a', ada),
      (c) => [...((c['entries']?.() ?? []) as [])],
      [['a', migrated]],
    ],
    [
      'in a reduced value',
      reducing(t.int, (a, b) => a + b),
      reducing(t.string, (a, b) => a + b, { migrations: [migration(t.int, (n) => `<${n}>`)] }),
      (c) => c['add']?.(7),
      (c) => c['get']?.(),
      '<7>',
    ],
    [
      'in an accumulator',
      aggregating(t.int, { init: () => 0, add: (n: number) => n + 1, result: (n) => n }),
      aggregating(
        t.row({ n: t.int }),
        { init: () => ({ n: 0 }), add: ({ n }) => ({ n: n + 1 }), result: ({ n }) => n },
        { migrations: [migration(t.int, (n) => ({ n: n * 100 }))] },
      ),
      (c) => c['add']?.('x'),
      (c) => c['get']?.(),
      100,
    ],
  ])('%s', (...[, before, after, write, read, expected]) => {
    const older = program(before, write);
    older.push('key', 0);
    const newer = program(after, read);
    newer.restore(older.snapshot());
    newer.push('key', 1);
    expect(newer.output().map((text) => JSON.parse(text) as unknown)).toEqual([expected]);
  });
});
