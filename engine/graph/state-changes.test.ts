import { describe, expect, test } from 'vitest';
import { t } from '../data/built-in-types.ts';
import { application } from '../stream/application.ts';
import { list, map, migration, value, type Cell } from '../stream/state-cells.ts';
import { harness } from '../testing/harness.ts';
import { stubSource } from '../testing/stub-connectors.ts';
import { describeGraph } from './describe-graph.ts';
import { stateChanges } from './state-changes.ts';

type Cells = Readonly<Record<string, Cell<unknown>>>;

function version(state: Cells, name = 'count') {
  const program = application('clicks', {
    build({ source }) {
      source('clicks', stubSource(t.string))
        .keyBy((page) => page)
        .process(name, { output: t.string, state, onRecord: () => undefined });
    },
  });
  return describeGraph(program.build({}));
}

function effects(before: Cells, after: Cells, name?: string) {
  return stateChanges(version(before), version(after, name)).map(({ state, effect }) => [state, effect]);
}

describe('the state of two versions', () => {
  test('is not mentioned where it stays as it is', () => {
    expect(effects({ seen: value(t.int) }, { seen: value(t.int), more: value(t.string) })).toEqual([]);
  });

  test('is converted where old values fit the new type', () => {
    const [before, after] = [t.row({ n: t.int }), t.row({ n: t.double, at: t.nullable(t.instant) })];
    expect(effects({ seen: value(before) }, { seen: value(after) })).toEqual([['seen', 'converted']]);
  });

  test('is incompatible where kind, value or map key do not fit', () => {
    const before = { kind: value(t.int), value: value(t.string), key: map(t.string, t.int) };
    const after = { kind: list(t.int), value: value(t.int), key: map(t.int, t.int) };
    expect(effects(before, after)).toEqual([
      ['kind', 'incompatible'],
      ['value', 'incompatible'],
      ['key', 'incompatible'],
    ]);
  });

  test('is converted where the program brings a migration from the old type', () => {
    const [before, after] = [t.row({ name: t.string }), t.row({ first: t.string })];
    const migrations = [migration(before, ({ name }) => ({ first: name }))];
    expect(effects({ who: value(before) }, { who: value(after) })).toEqual([['who', 'incompatible']]);
    expect(effects({ who: value(before) }, { who: value(after, { migrations }) })).toEqual([
      ['who', 'converted'],
    ]);
  });

  test('is lost where operator or cell are gone', () => {
    expect(effects({ seen: value(t.int) }, {})).toEqual([['seen', 'lost']]);
    expect(effects({ seen: value(t.int) }, { seen: value(t.int) }, 'other')).toEqual([['seen', 'lost']]);
  });

  test('is called incompatible where a restore is refused, in the same words', () => {
    const run = (type: typeof t.string | typeof t.int) =>
      harness<string, string>((pages) =>
        pages
          .keyBy((page) => page)
          .process('count', {
            output: t.string,
            state: { seen: value<string | number>(type) },
            onRecord(page, ctx) {
              ctx.state.seen.set(page);
            },
          }),
      );
    const older = run(t.string);
    older.push('home', 0);
    const [change] = stateChanges(version({ seen: value(t.string) }), version({ seen: value(t.int) }));
    expect(() => run(t.int).restore(older.snapshot())).toThrow(change?.reason);
  });
});
