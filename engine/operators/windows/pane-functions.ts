/** Speed: bench/pipeline.ts; with the aggregates of a window in one generated function a pane costs one lookup and plain additions. */
import type { Key } from '../../data/key-groups.ts';
import { canGenerate, generateFunction, literal, propertyLiteral } from '../../data/generated-function.ts';
import type { Aggregate, OwnAggregate } from '../aggregate.ts';
import type { Pane } from './pane.ts';

/** What a window does to its panes; made for one list of aggregates. */
export interface PaneFunctions {
  /** A pane without records. */
  create(version: number, key: Key, end: number): Pane;
  /** Adds a record. */
  add(pane: Pane, value: unknown): void;
  /** Adds all that another pane has. Own aggregates without `merge` cannot. */
  merge(pane: Pane, other: Pane): void;
  /** The row that the window emits. */
  row(pane: Pane, start: number): Readonly<Record<string, unknown>>;
}

/** Aggregates by column, in the order of declaration. */
export type Columns = readonly (readonly [column: string, aggregate: Aggregate<never, unknown>])[];

/** Names that every row of a window has; aggregates cannot take them. */
export const ROW_FIELDS = ['key', 'start', 'end'] as const;

/** Which of them a row has: without keys there is no `key`, and global windows neither begin nor end. */
export type RowFields = readonly (typeof ROW_FIELDS)[number][];

export function paneFunctions(columns: Columns, fields: RowFields = ROW_FIELDS): PaneFunctions {
  return canGenerate() ? generatedPaneFunctions(columns, fields) : closurePaneFunctions(columns, fields);
}

/** True where accumulators of two panes can become one: all but own aggregates without `merge`. */
export function canMerge(columns: Columns): boolean {
  return columns.every(([, aggregate]) => aggregate.kind !== 'own' || aggregate.merge !== undefined);
}

/** One object literal and straight-line code per aggregate. Its twin and oracle is {@link closurePaneFunctions}. */
export function generatedPaneFunctions(columns: Columns, rowFields: RowFields = ROW_FIELDS): PaneFunctions {
  const fields = columns.map(([, aggregate], index) => initialText(aggregate, index));
  const steps = columns.map(([, aggregate], index) => addText(aggregate, index));
  const merges = columns.map(([, aggregate], index) => mergeText(aggregate, index));
  const results = [
    ...rowFields.map((field) => FIELD_TEXTS[field]),
    ...columns.map(
      ([column, aggregate], index) => `${propertyLiteral(column)}: ${resultText(aggregate, index)}`,
    ),
  ];
  const constants = columns.map(
    (_, index) => `const g${index} = columns[${index}][1], f${index} = g${index}.value;`,
  );
  const make = generateFunction<(columns: Columns) => PaneFunctions>({
    name: 'window',
    parameters: ['columns'],
    body: `${constants.join('\n')}
return {
  create(version, key, end) {
    return { version, key, end, pending: 1, changed: 0, ${fields.join(', ')} };
  },
  add(pane, value) {
    ${steps.join('\n    ')}
  },
  merge(pane, other) {
    ${merges.join('\n    ')}
  },
  row(pane, start) {
    return { ${results.join(', ')} };
  },
};`,
  });
  return make(columns);
}

const FIELD_TEXTS = { key: 'key: pane.key', start: 'start', end: 'end: pane.end' };

function initialText(aggregate: Aggregate<never, unknown>, index: number): string {
  switch (aggregate.kind) {
    case 'avg':
      return `a${index}: 0, n${index}: 0`;
    case 'min':
      return `a${index}: Infinity`;
    case 'max':
      return `a${index}: -Infinity`;
    case 'own':
      return `a${index}: g${index}.init()`;
    default:
      return `a${index}: 0`;
  }
}

function addText(aggregate: Aggregate<never, unknown>, index: number): string {
  const field = `pane.a${index}`;
  const value = `f${index}(value)`;
  switch (aggregate.kind) {
    case 'count':
      return `${field} += 1;`;
    case 'sum':
      return `${field} += ${value};`;
    case 'avg':
      return `${field} += ${value}; pane.n${index} += 1;`;
    case 'min':
    case 'max':
      return `${field} = Math.${literal(aggregate.kind).slice(1, -1)}(${field}, ${value});`;
    case 'own':
      return `${field} = g${index}.add(${field}, value);`;
  }
}

function mergeText(aggregate: Aggregate<never, unknown>, index: number): string {
  const [field, other] = [`pane.a${index}`, `other.a${index}`];
  switch (aggregate.kind) {
    case 'avg':
      return `${field} += ${other}; pane.n${index} += other.n${index};`;
    case 'min':
    case 'max':
      return `${field} = Math.${literal(aggregate.kind).slice(1, -1)}(${field}, ${other});`;
    case 'own':
      return `${field} = g${index}.merge(${field}, ${other});`;
    default:
      return `${field} += ${other};`;
  }
}

function resultText(aggregate: Aggregate<never, unknown>, index: number): string {
  switch (aggregate.kind) {
    case 'avg':
      return `pane.a${index} / pane.n${index}`;
    case 'own':
      return `g${index}.result(pane.a${index})`;
    default:
      return `pane.a${index}`;
  }
}

interface ColumnFunctions {
  init(pane: Pane): void;
  add(pane: Pane, value: unknown): void;
  merge(pane: Pane, other: Pane): void;
  result(pane: Pane): unknown;
}

/** The same by closures: for processes that forbid generated code. */
export function closurePaneFunctions(columns: Columns, fields: RowFields = ROW_FIELDS): PaneFunctions {
  const functions = columns.map(([column, aggregate], index) => ({
    column,
    ...columnFunctions(aggregate, index),
  }));
  return {
    create(version, key, end) {
      const pane: Pane = { version, key, end, pending: 1, changed: 0 };
      for (const each of functions) {
        each.init(pane);
      }
      return pane;
    },
    add(pane, value) {
      for (const each of functions) {
        each.add(pane, value);
      }
    },
    merge(pane, other) {
      for (const each of functions) {
        each.merge(pane, other);
      }
    },
    row: (pane, start) => ({
      ...Object.fromEntries(fields.map((field) => [field, { key: pane.key, start, end: pane.end }[field]])),
      ...Object.fromEntries(functions.map((each) => [each.column, each.result(pane)])),
    }),
  };
}

function columnFunctions(aggregate: Aggregate<never, unknown>, index: number): ColumnFunctions {
  const field = `a${index}` as const;
  if (aggregate.kind === 'own') {
    return ownFunctions(aggregate, field);
  }
  const valueOf = numberOf(aggregate);
  const counter = `n${index}` as const;
  const initial = { count: 0, sum: 0, avg: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY }[
    aggregate.kind
  ];
  const combine = { count: add, sum: add, avg: add, min: Math.min, max: Math.max }[aggregate.kind];
  return {
    init: (pane) => {
      pane[field] = initial;
      if (aggregate.kind === 'avg') {
        pane[counter] = 0;
      }
    },
    add: (pane, value) => {
      pane[field] = combine(pane[field] as number, valueOf(value)); // set by init
      if (aggregate.kind === 'avg') {
        pane[counter] = (pane[counter] ?? 0) + 1;
      }
    },
    merge: (pane, other) => {
      pane[field] = combine(pane[field] as number, other[field] as number); // set by init
      if (aggregate.kind === 'avg') {
        pane[counter] = (pane[counter] ?? 0) + (other[counter] ?? 0);
      }
    },
    result: (pane) =>
      aggregate.kind === 'avg' ? (pane[field] as number) / (pane[counter] ?? 0) : pane[field], // set by init
  };
}

function add(left: number, right: number): number {
  return left + right;
}

function numberOf(
  aggregate: Exclude<Aggregate<never, unknown>, { kind: 'own' }>,
): (value: unknown) => number {
  // The graph gives an aggregate only records of its own type.
  return aggregate.kind === 'count' ? () => 1 : (aggregate.value as (value: unknown) => number);
}

function ownFunctions(
  aggregate: OwnAggregate<never, unknown, unknown>,
  field: `a${number}`,
): ColumnFunctions {
  const addRecord = aggregate.add.bind(aggregate) as (accumulator: unknown, value: unknown) => unknown; // as in numberOf
  return {
    init: (pane) => {
      pane[field] = aggregate.init();
    },
    add: (pane, value) => {
      pane[field] = addRecord(pane[field], value);
    },
    merge: (pane, other) => {
      pane[field] = aggregate.merge?.(pane[field], other[field]);
    },
    result: (pane) => aggregate.result(pane[field]),
  };
}
