import { MAX_WATERMARK, MIN_WATERMARK, NO_TIME } from '#engine/data/record-batch.ts';
import type { ListState } from '#engine/state/list-state.ts';
import type { MapState } from '#engine/state/map-state.ts';
import type { ValueState } from '#engine/state/value-state.ts';
import type { Schema } from '#engine/data/schema.ts';
import { application } from '#engine/stream/application.ts';
import { type Cell, list, map, value } from '#engine/stream/state-cells.ts';
import { stubSink, stubSource } from '#engine/testing/stub-connectors.ts';
import { anything } from './anything.ts';
import type { Case } from './case.ts';
import { type Keyed, readKeyed, type Subject } from './subject.ts';
import { runScript, type Script, type ScriptContext, type ScriptState } from './script.ts';

/** A process operator of the suite. */
export interface ProcessCase {
  readonly keyed?: boolean;
  readonly state?: readonly {
    readonly name: string;
    readonly type: string;
    readonly ttl?: { readonly ms: number; readonly update?: string; readonly visibility?: string };
  }[];
  readonly onRecord: Script;
  readonly onTimer?: Script;
}

export function processSubject({ operator }: Case<ProcessCase>): Subject {
  const program = application('case', {
    build({ source }) {
      source('in', stubSource(anything<Keyed>()))
        .keyBy((record) => record.key)
        .process('op', {
          output: anything<Keyed>(),
          outputs: sidesOf([operator.onRecord, operator.onTimer]),
          state: cellsOf(operator.state),
          timers: ['event'],
          processingTimers: ['processing'],
          onRecord(record, ctx) {
            runScript(operator.onRecord, contextOf(ctx, { value: record.value, domain: null }));
          },
          onTimer(domain, ctx) {
            runScript(operator.onTimer ?? [], contextOf(ctx, { value: null, domain }));
          },
        })
        .to(stubSink('out'), 'out');
    },
  });
  return {
    graph: program.build({}),
    sources: ['in'],
    read: readKeyed,
  };
}

/** The cells of a case by name. */
export function cellsOf(state: ProcessCase['state'] = []): Readonly<Record<string, Cell<unknown>>> {
  return Object.fromEntries(state.map((each) => [each.name, cellOf(each)]));
}

function cellOf({
  type,
  ttl,
}: {
  readonly type: string;
  readonly ttl?: { readonly ms: number };
}): Cell<unknown> {
  const options = ttl === undefined ? {} : ({ ttl: `${ttl.ms} ms` } as const);
  switch (type) {
    case 'list':
      return list(anything(), options);
    case 'map':
      return map(anything<string>(), anything(), options);
    default:
      return value(anything(), options);
  }
}

/** Side outputs that are named anywhere in the scripts. */
export function sidesOf(scripts: readonly unknown[]): Readonly<Record<string, Schema<Keyed>>> {
  return Object.fromEntries(sideNames(scripts).map((side) => [side, anything<Keyed>()]));
}

function sideNames(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) {
    return [];
  }
  const own = 'side' in part && 'emit' in part ? [String(part.side)] : [];
  return [...own, ...Object.values(part).flatMap(sideNames)];
}

/** What handlers are given; sides without keys have neither key nor timers. */
export interface Handles {
  readonly key?: string;
  readonly time: number;
  readonly watermark: number;
  now(this: void): number;
  readonly state?: Readonly<Record<string, unknown>>;
  readonly timers?: Readonly<
    Record<'event' | 'processing', { add(time: number): void; cancel(time?: number): void }>
  >;
  readonly broadcast?: Readonly<Record<string, unknown>>;
  emit(this: void, record: Keyed): void;
  side(this: void, name: string, record: Keyed): void;
}

/** The context of a script, out of that of a handler. */
export function contextOf(
  ctx: Handles,
  at: { readonly value: unknown; readonly domain: 'event' | 'processing' | null },
): ScriptContext {
  const { broadcast } = ctx;
  return {
    value: at.value,
    domain: at.domain,
    key: ctx.key ?? '',
    time: ctx.time === NO_TIME ? null : ctx.time,
    watermark: watermarkText(ctx.watermark),
    processingTime: ctx.now(),
    state: (name) => stateOf(ctx.state?.[name]),
    ...(broadcast === undefined ? {} : { broadcast: (name) => stateOf(broadcast[name]) }),
    emit: (side, record) => {
      const keyed = { key: ctx.key, value: record } as Keyed; // without a key where there is none
      if (side === undefined) {
        ctx.emit(keyed);
      } else {
        ctx.side(side, keyed);
      }
    },
    timer: (domain, action, time) => {
      const timer = ctx.timers?.[domain];
      if (timer === undefined) {
        throw new Error(`There is no timer of ${domain} time without keys`);
      }
      if (action === 'set') {
        timer.add(time);
      } else {
        timer.cancel(time);
      }
    },
  };
}

function watermarkText(watermark: number): number | 'min' | 'max' {
  if (watermark === MIN_WATERMARK) {
    return 'min';
  }
  return watermark === MAX_WATERMARK ? 'max' : watermark;
}

type Opened = ValueState<unknown> & ListState<unknown> & MapState<string, unknown>;

/** A cell by the words of the language. Which of its methods exist depends on its kind, which the case knows. */
export function stateOf(cell: unknown): ScriptState {
  const opened = cell as Opened;
  const kind = 'push' in opened ? 'list' : 'entries' in opened ? 'map' : 'value';
  const read = {
    list: () => [...opened],
    map: () => Object.fromEntries(opened.entries()),
    value: () => opened.get('') ?? null,
  }[kind];
  return {
    read,
    readKey: (key) => opened.get(key) ?? null,
    has: (key) => opened.has(key),
    isEmpty: () => opened.size === 0,
    update: (next) => {
      if (kind === 'list') {
        (opened as ListState<unknown>).set(next as Iterable<unknown>);
      } else {
        (opened as ValueState<unknown>).set(next ?? undefined);
      }
    },
    add: (element) => opened.push(element),
    addAll: (elements) => {
      if (kind === 'list') {
        (elements as readonly unknown[]).forEach((element) => opened.push(element));
      } else {
        Object.entries(elements as object).forEach(([key, element]) =>
          (opened as MapState<string, unknown>).set(key, element),
        );
      }
    },
    put: (key, element) => (opened as MapState<string, unknown>).set(key, element),
    remove: (key) => opened.delete(key),
    clear: () => opened.clear(),
  };
}
