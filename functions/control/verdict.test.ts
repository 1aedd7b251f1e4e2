import { describe, expect, test } from 'vitest';
import type { GraphDescription } from '#contract/resources/application-version.ts';
import { RestoreTolerance } from '#contract/resources/checkpointing.ts';
import type { Compatibility } from '#contract/resources/verdict.ts';
import { generator } from '#engine/connectors/generator/index.ts';
import { t, type Type } from '#engine/data/built-in-types.ts';
import { describeGraph } from '#engine/graph/describe-graph.ts';
import { Deployment } from '#engine/runtime/job-runs.fixture.ts';
import { application } from '#engine/stream/application.ts';
import { list, map, migration, value, type Cell } from '#engine/stream/state-cells.ts';
import { verdict, verdictSentence } from './verdict.ts';

interface Version {
  readonly state?: Readonly<Record<string, Cell<unknown>>>;
  readonly source?: string;
  readonly operator?: string;
  /** Puts an operator without state between the two. */
  readonly filter?: string;
  /** Sets timers and declares no state. */
  readonly timers?: string;
}

const Payment = t.row({ country: t.string, amount: t.int });

function programOf(version: Version) {
  const { state = {}, source: name = 'payments', operator = 'count', filter, timers } = version;
  return application('verdicts', {
    build({ source }) {
      const payments = generator({
        schema: Payment,
        record: (index) => ({ country: index % 2 === 0 ? 'de' : 'fr', amount: index }),
        count: 4000,
        splits: 2,
        ratePerSecond: 4000,
      });
      const read = source(name, payments);
      const kept = filter === undefined ? read : read.filter(() => true, filter);
      if (timers !== undefined) {
        kept
          .keyBy(({ country }) => country)
          .process(timers, {
            output: Payment,
            processingTimers: ['wake'],
            onTimer: () => undefined,
            onRecord(_, ctx) {
              ctx.timers.wake.set(Number.MAX_SAFE_INTEGER);
            },
          });
      }
      kept
        .keyBy(({ country }) => country)
        .process(operator, {
          output: Payment,
          state,
          onRecord({ amount }, ctx) {
            fill(ctx.state, amount);
          },
        });
    },
  });
}

/** Writes something into every cell, so that a savepoint holds all of them. */
function fill(state: object, amount: number): void {
  for (const [name, cell] of Object.entries(state)) {
    if (name.startsWith('map')) cell.set('k', amount);
    else if (name.startsWith('text')) cell.set(String(amount));
    else if (name.startsWith('row')) cell.set({ name: 'Ada Byron', amount });
    else if (name.startsWith('list')) cell.push(amount);
    else cell.set(amount);
  }
}

const Person = t.row({ name: t.string, amount: t.int });
const Renamed = t.row({ full: t.field(t.string, { formerly: 'name' }), amount: t.int });
const Split = t.row({ first: t.string });
const split = [migration(Person, ({ name }) => ({ first: name }))];
const opaque: Type<unknown> = {
  '~standard': { version: 1, vendor: 'zod', validate: (given: unknown) => ({ value: given }) },
} as never;

type Pair = readonly [
  label: string,
  before: Version,
  after: Version,
  expected: Compatibility,
  tolerance?: Partial<RestoreTolerance>,
];

const pairs: readonly Pair[] = [
  ['the same program', { state: { n: value(t.int) } }, { state: { n: value(t.int) } }, 'compatible'],
  [
    'a new cell',
    { state: { n: value(t.int) } },
    { state: { n: value(t.int), text: value(t.string) } },
    'compatible',
  ],
  [
    'a new operator without state',
    { state: { n: value(t.int) } },
    { state: { n: value(t.int) }, filter: 'new' },
    'compatible',
  ],
  ['an operator without state is gone', { filter: 'old' }, {}, 'compatible'],
  [
    'an integer becomes a double',
    { state: { n: value(t.int) } },
    { state: { n: value(t.double) } },
    'compatible-after-migration',
  ],
  [
    'a double becomes an integer',
    { state: { n: value(t.double) } },
    { state: { n: value(t.int) } },
    'incompatible',
  ],
  [
    'an integer becomes a text',
    { state: { n: value(t.int) } },
    { state: { n: value(t.string) } },
    'incompatible',
  ],
  [
    'a field is dropped',
    { state: { row: value(Person) } },
    { state: { row: value(t.row({ amount: t.int })) } },
    'compatible-after-migration',
  ],
  [
    'a nullable field is new',
    { state: { row: value(Person) } },
    { state: { row: value(t.row({ name: t.string, amount: t.int, note: t.nullable(t.string) })) } },
    'compatible-after-migration',
  ],
  [
    'a field is new without a default',
    { state: { row: value(Person) } },
    { state: { row: value(t.row({ name: t.string, amount: t.int, at: t.instant })) } },
    'incompatible',
  ],
  [
    'a field has a new name that it declares',
    { state: { row: value(Person) } },
    { state: { row: value(Renamed) } },
    'compatible-after-migration',
  ],
  [
    'a field has a new name',
    { state: { row: value(Person) } },
    { state: { row: value(t.row({ full: t.string, amount: t.int })) } },
    'incompatible',
  ],
  [
    'a migration is declared',
    { state: { row: value(Person) } },
    { state: { row: value(Split, { migrations: split }) } },
    'compatible-after-migration',
  ],
  [
    'a migration is missing',
    { state: { row: value(Person) } },
    { state: { row: value(Split) } },
    'incompatible',
  ],
  [
    'a map has other keys',
    { state: { map: map(t.string, t.int) } },
    { state: { map: map(t.int, t.int) } },
    'incompatible',
  ],
  [
    'a list becomes a value',
    { state: { list: list(t.int) } },
    { state: { list: value(t.int) } },
    'incompatible',
  ],
  [
    'a cell is gone',
    { state: { n: value(t.int), text: value(t.string) } },
    { state: { n: value(t.int) } },
    'incompatible',
  ],
  [
    'a cell is gone, which is allowed',
    { state: { n: value(t.int), text: value(t.string) } },
    { state: { n: value(t.int) } },
    'compatible',
    { allowNonRestoredState: true },
  ],
  [
    'an operator has a new name',
    { state: { n: value(t.int) } },
    { state: { n: value(t.int) }, operator: 'tally' },
    'incompatible',
  ],
  [
    'an operator has a new name that the request declares',
    { state: { n: value(t.int) } },
    { state: { n: value(t.double) }, operator: 'tally' },
    'compatible-after-migration',
    { renames: { count: 'tally' } },
  ],
  [
    'an operator is gone, which is allowed',
    { state: { n: value(t.int) } },
    { state: { n: value(t.int) }, operator: 'tally' },
    'compatible',
    { allowNonRestoredState: true },
  ],
  [
    'a rename of an operator that never was',
    { state: { n: value(t.int) } },
    { state: { n: value(t.int) } },
    'incompatible',
    { renames: { nobody: 'neither' } },
  ],
  [
    'a rename onto an operator that is there',
    { state: { n: value(t.int) } },
    { state: { n: value(t.int) } },
    'incompatible',
    { renames: { count: 'payments' } },
  ],
  [
    'a rename onto a name that the program lacks',
    { state: { n: value(t.int) } },
    { state: { n: value(t.int) } },
    'incompatible',
    { renames: { count: 'tally' } },
  ],
  ['a source has a new name', {}, { source: 'receipts' }, 'incompatible'],
  [
    'a source has a new name that the request declares',
    {},
    { source: 'receipts' },
    'compatible',
    { renames: { payments: 'receipts' } },
  ],
  ['an operator with timers is gone', { timers: 'wake' }, {}, 'unknown'],
  ['a foreign schema', { state: { n: value(opaque) } }, { state: { n: value(opaque) } }, 'unknown'],
  [
    'a foreign schema becomes a type',
    { state: { n: value(opaque) } },
    { state: { n: value(t.int) } },
    'unknown',
  ],
];

function graphOf(version: Version): GraphDescription {
  // As the API keeps it: through JSON.
  return JSON.parse(JSON.stringify(describeGraph(programOf(version).build({})))) as GraphDescription;
}

/** Whether a job of `after` starts from a savepoint that a job of `before` wrote. */
async function isRestored([, before, after, , tolerance]: Pair): Promise<boolean> {
  const deployment = new Deployment();
  const first = await deployment.start(
    {},
    { application: { application: programOf(before) }, restore: { kind: 'none' } },
  );
  await first.checkpoints(1);
  expect(await first.savepoint('s/1', { stop: true })).toMatchObject({ status: 'completed' });
  const second = await deployment.start(
    {},
    {
      application: { application: programOf(after) },
      restore: { kind: 'manifest', location: 's/1', ...tolerance },
    },
  );
  await second.until(() => second.end !== undefined || second.job.status().state === 'RUNNING');
  if (second.end === undefined) return true;
  expect(second.end).toMatchObject({ state: 'FAILED', failure: { name: 'Refusal' } });
  return false;
}

describe('a verdict', () => {
  test.each(pairs.map((pair) => [pair[0], pair] as const))('of a change where %s', (_, pair) => {
    const [, before, after, expected, tolerance] = pair;
    const found = verdict(graphOf(before), graphOf(after), RestoreTolerance.parse(tolerance ?? {}));
    expect(found.compatibility, JSON.stringify(found.states)).toBe(expected);
  });

  const decided = pairs.filter(([, , , expected]) => expected !== 'unknown');
  test.each(decided.map((pair) => [pair[0], pair] as const))(
    'is what a worker does with the savepoint where %s',
    async (_, pair) => {
      expect(await isRestored(pair)).toBe(pair[3] !== 'incompatible');
    },
  );

  test('names operator, cell, both types and the remedy', () => {
    const found = verdict(
      graphOf({ state: { n: value(t.int), map: map(t.string, t.int) } }),
      graphOf({ state: { n: value(t.int), map: map(t.int, t.int) } }),
      RestoreTolerance.parse({}),
    );
    expect(found.states).toEqual([
      expect.objectContaining({ operator: 'count', state: 'n', compatibility: 'compatible', remedy: null }),
      expect.objectContaining({
        operator: 'count',
        state: 'map',
        compatibility: 'incompatible',
        reason: expect.stringContaining(
          'written as map of MAP<STRING, INT>, the program declares map of MAP<INT, INT>',
        ),
        remedy: expect.stringContaining('migration()'),
      }),
    ]);
    expect(verdictSentence(found)).toMatch(/^state "map" of operator "count": it was written as/);
  });

  test('guesses the new name of an operator', () => {
    const before = graphOf({ state: { n: value(t.int) }, operator: 'count-clicks' });
    const after = graphOf({ state: { n: value(t.int) }, operator: 'count-click' });
    const [found] = verdict(before, after, RestoreTolerance.parse({})).states;
    expect(found).toMatchObject({ operator: 'count-clicks', state: null });
    expect(found?.remedy).toContain('{ "count-clicks": "count-click" }');
  });

  test('of a description that nobody can read is unknown', () => {
    const nodes = graphOf({ state: { n: value(t.int) } }).nodes.map((node) => ({
      ...node,
      state: node.state.map((state) => ({ ...state, valueType: { kind: 'row' } })),
    }));
    const later = graphOf({ state: { n: value(t.row({ a: t.int })) } });
    expect(verdict({ nodes }, later, RestoreTolerance.parse({}))).toMatchObject({ compatibility: 'unknown' });
  });
});
