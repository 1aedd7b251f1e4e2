import type { Sink } from '#engine/connectors/connector.ts';
import { MAX_WATERMARK, MIN_WATERMARK } from '#engine/data/record-batch.ts';
import { count, max, min, sum } from '#engine/stream/aggregates.ts';
import { application } from '#engine/stream/application.ts';
import { value } from '#engine/stream/state-cells.ts';
import type { WindowContext } from '#engine/stream/window-functions.ts';
import type { WindowedStream } from '#engine/stream/windowed-stream.ts';
import { stubSink, pushedSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import { type Keyed, readKeyed, type Subject } from './subject.ts';
import { numberOf, timingOf, type WindowChoices, windowOf } from './window-choices.ts';

/** A window operator of the suite. */
export interface WindowCase extends WindowChoices {
  readonly type: string;
  readonly function: {
    readonly type: string;
    readonly op?: string;
    readonly sorted?: boolean;
    readonly context?: boolean;
    readonly firings?: boolean;
  };
}

export function windowSubject({ operator }: Case<WindowCase>): Subject {
  const program = application('case', {
    build({ source }) {
      const records = source('in', pushedSource(anything<Keyed>()));
      const [window, timing] = [windowOf(operator), timingOf(operator)];
      const results =
        operator.type === 'windowAll'
          ? resultsOf(operator, records.windowAll(window, timing))
          : resultsOf(operator, records.keyBy((record) => record.key).window(window, timing));
      results.to(stubSink('out'), 'out');
    },
  });
  return {
    graph: program.build({}),
    sources: ['in'],
    sideName: (side) => (operator.lateSideOutput === true ? side : undefined),
    read: (captured, side) =>
      side === undefined && emitsRows(operator) ? readRow(operator, captured as Row) : readKeyed(captured), // by the function
  };
}

/** Plain aggregates emit rows; with a function, where it adds nothing to what the row tells. */
function emitsRows({ function: { type }, assigner, trigger, evictor }: WindowCase): boolean {
  const plain = assigner.type === 'tumbling' || assigner.type === 'sliding';
  return (
    type === 'aggregate' ||
    (type === 'aggregateAndProcess' && plain && trigger === undefined && evictor === undefined)
  );
}

/** Results of any type on their way to the sink. */
interface Results {
  to(sink: Sink<unknown>, name: string): void;
}

type Context = WindowContext<string | undefined, Keyed, object, object, object>;

function resultsOf<K extends string>(operator: WindowCase, windows: WindowedStream<Keyed, K>): Results {
  const { type, op = '' } = operator.function;
  const reduce = (left: Keyed, right: Keyed): Keyed => ({
    key: left.key,
    value: reduced(op, left.value, right.value),
  });
  const aggregates = {
    count: count<Keyed>(),
    sum: sum(numberOf),
    min: min(numberOf),
    max: max(numberOf),
  };
  const output = anything<Keyed>();
  const emit = (ctx: Context, result: unknown): undefined => {
    ctx.emit({ key: ctx.key ?? noKey, value: { ...placeOf(ctx), result } });
  };
  switch (type) {
    case 'reduce':
      return windows.reduce('op', reduce);
    case 'reduceAndProcess':
      return windows.reduce('op', reduce, {
        output,
        onWindow: (record, ctx) => emit(ctx, record.value),
      });
    case 'aggregate':
      return windows.aggregate('op', aggregates);
    case 'aggregateAndProcess':
      return emitsRows(operator)
        ? windows.aggregate('op', aggregates)
        : windows.aggregate('op', aggregates, {
            output,
            onWindow: (row, ctx) => emit(ctx, resultOf(row)),
          });
    default:
      return collected(operator, windows);
  }
}

/** Streams without keys give none. */
const noKey = undefined as unknown as string;

function collected<K extends string>(
  { function: { sorted, context, firings } }: WindowCase,
  windows: WindowedStream<Keyed, K>,
): Results {
  const cells = { firings: value(anything<number>()) };
  return windows.process('op', {
    output: anything<Keyed>(),
    state: cells,
    windowState: cells,
    onWindow(records, ctx) {
      const elements = records.map((record) => record.value);
      const counted = (cell: { get(): number | undefined; set(to: number): void }): number => {
        cell.set((cell.get() ?? 0) + 1);
        return cell.get() ?? 0;
      };
      ctx.emit({
        key: ctx.key,
        value: {
          ...placeOf(ctx),
          elements: sorted === true ? elements.sort(ascending) : elements,
          ...(context === true ? { watermark: watermarkText(ctx.watermark), processingTime: ctx.now() } : {}),
          ...(firings === true
            ? { windowFirings: counted(ctx.windowState.firings), keyFirings: counted(ctx.state.firings) }
            : {}),
        },
      });
    },
  });
}

function placeOf({ key, window }: Pick<Context, 'key' | 'window'>): object {
  return { ...(key === undefined ? {} : { key }), window };
}

function reduced(op: string, left: unknown, right: unknown): unknown {
  const [a, b] = [left as number, right as number]; // only read by operations on numbers
  switch (op) {
    case 'first':
      return left;
    case 'last':
      return right;
    case 'concat':
      return `${String(left)}${String(right)}`;
    default:
      return { sum: a + b, min: Math.min(a, b), max: Math.max(a, b) }[op];
  }
}

interface Aggregated {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

interface Row extends Aggregated {
  readonly key?: string;
  readonly start: number;
  readonly end: number;
}

function resultOf(row: Aggregated): Aggregated {
  return { count: row.count, sum: row.sum, min: row.min, max: row.max };
}

function readRow(
  { function: { type } }: WindowCase,
  row: Row,
): { readonly key?: unknown; readonly record: unknown } {
  const { key, start, end } = row;
  const result = resultOf(row);
  const inWindow = { ...(key === undefined ? {} : { key }), window: { start, end }, result };
  return {
    ...(key === undefined ? {} : { key }),
    record: type === 'aggregate' ? result : inWindow,
  };
}

/** Numbers by size, all else by its text with sorted fields. */
function ascending(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') {
    return left - right;
  }
  return textOf(left) < textOf(right) ? -1 : 1;
}

function textOf(of: unknown): string {
  return JSON.stringify(of, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}

function watermarkText(watermark: number): number | 'min' | 'max' {
  if (watermark === MIN_WATERMARK) {
    return 'min';
  }
  return watermark === MAX_WATERMARK ? 'max' : watermark;
}
