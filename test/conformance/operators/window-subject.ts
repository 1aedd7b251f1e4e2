import type { Duration } from '#engine/data/duration.ts';
import type { Schema } from '#engine/data/schema.ts';
import { aggregate, avg, count, max, min, sum } from '#engine/stream/aggregates.ts';
import { application } from '#engine/stream/application.ts';
import { sliding, tumbling, type Window } from '#engine/stream/windows.ts';
import { stubSink, stubSource } from '#engine/testing/stub-connectors.ts';
import type { Case } from './case.ts';
import type { Subject } from './subject.ts';

/** A window operator of the suite, as far as the engine has it. */
export interface WindowCase {
  readonly assigner: {
    readonly type: string;
    readonly size: number;
    readonly slide?: number;
    readonly offset?: number;
    readonly time?: string;
    readonly stagger?: string;
  };
  readonly function: {
    readonly type: string;
    readonly op?: string;
    readonly context?: boolean;
    readonly firings?: boolean;
  };
  readonly allowedLateness?: number | 'max';
  readonly lateSideOutput?: boolean;
  readonly trigger?: unknown;
  readonly evictor?: unknown;
}

interface Keyed {
  readonly key: string;
  readonly value: number | { readonly v: number };
}

const anything: Schema<Keyed> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as Keyed }) }, // the suite's inputs
};

export function windowSubject({ operator }: Case<WindowCase>): Subject {
  const lateness = operator.allowedLateness ?? 0;
  const timing = { lateness: msText(lateness === 'max' ? Number.MAX_SAFE_INTEGER : lateness) };
  const number = (record: Keyed): number =>
    typeof record.value === 'number' ? record.value : record.value.v;
  const program = application('case', {
    build({ source }) {
      source('in', stubSource(anything))
        .keyBy((record) => record.key)
        .window(windowOf(operator), timing)
        .aggregate('op', {
          collected: aggregate({
            init: (): unknown[] => [],
            add: (all, { value }: Keyed) => [...all, value],
            result: (all) => all,
          }),
          count: count(),
          sum: sum(number),
          min: min(number),
          max: max(number),
          mean: avg(number),
        })
        .to(stubSink('out'), 'out');
    },
  });
  return {
    graph: program.build({}),
    sources: ['in'],
    read: (captured, side) => {
      if (side !== undefined) {
        const { key, value } = captured as Keyed; // late records are the inputs
        return { key, record: value };
      }
      const row = captured as Row; // of the aggregates above
      return { key: row.key, record: resultOf(operator.function, row) };
    },
  };
}

interface Row {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly collected: readonly number[];
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

function resultOf({ type, op = '' }: WindowCase['function'], row: Row): unknown {
  const { key, start, end, collected } = row;
  const window = { start, end };
  const aggregated = { count: row.count, sum: row.sum, min: row.min, max: row.max };
  switch (type) {
    case 'collect':
      return { key, window, elements: collected };
    case 'aggregate':
      return aggregated;
    case 'aggregateAndProcess':
      return { key, window, result: aggregated };
    case 'reduce':
      return reduced(op, row);
    default:
      return { key, window, result: reduced(op, row) };
  }
}

function reduced(op: string, row: Row): unknown {
  switch (op) {
    case 'first':
      return row.collected[0];
    case 'last':
      return row.collected.at(-1);
    case 'concat':
      return row.collected.join('');
    default:
      return { sum: row.sum, min: row.min, max: row.max }[op];
  }
}

function windowOf({ assigner }: WindowCase): Window {
  const offset = { offset: msText(assigner.offset ?? 0) };
  return assigner.type === 'tumbling'
    ? tumbling(msText(assigner.size), offset)
    : sliding(msText(assigner.size), msText(assigner.slide ?? assigner.size), offset);
}

function msText(ms: number): Duration {
  return `${ms} ms`;
}
