import { ms, positiveMs } from '../data/duration.ts';
import { MAX_WATERMARK } from '../data/record-batch.ts';
import type { Schema, Schemas } from '../data/schema.ts';
import type { DataflowEdge } from '../graph/dataflow-graph.ts';
import type { Aggregate } from '../operators/aggregate.ts';
import type { WindowAssigner } from '../operators/operator-definition.ts';
import { unmergeable } from '../operators/windows/make-contents.ts';
import { triggerMerges } from '../operators/windows/make-trigger.ts';
import {
  defaultTrigger,
  type EvictorDefinition,
  type GeneralAssigner,
  type TriggerDefinition,
  type WindowFunctionDefinition,
  windowsMerge,
} from '../operators/windows/window-definition.ts';
import { WINDOWS } from '../operators/windows/window-table.ts';
import { evictorText } from './evictors.ts';
import { type NewNode, refuseAsync } from './graph-builder.ts';
import { type Cells, declareCells } from './state-cells.ts';
import { triggerText } from './triggers.ts';
import { refuseTtl } from './window-functions.ts';
import { accumulatorSchema, type WindowTiming } from './window-rows.ts';
import type { Window } from './windows.ts';

/** Windows on their way into the graph. */
export interface WindowPlace {
  readonly inputs: readonly DataflowEdge[];
  /** Schemas of the records of each input. */
  readonly records: readonly Schema[];
  readonly keyed: boolean;
  readonly window: Window<never>;
  readonly timing: WindowTiming<never>;
}

/** What functions of windows declare beside themselves, whatever they are given. */
export interface DeclaredWindow {
  readonly output: Schema;
  readonly outputs?: Schemas;
  readonly state?: Cells;
  readonly windowState?: Cells;
  readonly onClear?: (context: never) => unknown;
}

/** What is done with windows. */
export interface WindowUse {
  readonly name: string;
  readonly function: WindowFunctionDefinition;
  /** Of a function of the user's; what has none emits records or rows as they are. */
  readonly spec?: DeclaredWindow;
  readonly schema?: Schema;
}

const LATE = 'late';

/** The node of windows with any trigger, evictor and function. */
export function windowNode(place: WindowPlace, { name, function: fn, spec, schema }: WindowUse): NewNode {
  const { window, timing, keyed, inputs, records } = place;
  const { trigger, evictor } = choices(place);
  const assigner = window.assigner;
  checkFunction(name, fn, spec);
  checkMerging(name, { assigner, trigger, fn });
  refuseEarly(name, timing);
  const { outputs = {}, state = {}, windowState = {}, onClear } = spec ?? {};
  refuseTtl('window', windowState);
  return {
    name,
    kind: 'window-function',
    inputs,
    ...(keyed ? {} : { parallelism: 1 }),
    ...(spec === undefined ? schemaOf(schema) : { schema: spec.output, sideSchemas: outputs }),
    sideInputs: { [LATE]: 0 },
    state: [{ name: WINDOWS, kind: 'windows', schema: contentsSchema(fn, records) }, ...declareCells(state)],
    description: description(place, { trigger, evictor }),
    definition: {
      kind: 'window-function',
      keyed,
      assigner,
      trigger,
      ...(evictor === undefined ? {} : { evictor }),
      latenessMs: latenessMs(timing),
      function: fn,
      outputs: Object.keys(outputs),
      windowState: declareCells(windowState),
      ...(onClear === undefined ? {} : { onClear }),
      records,
    },
  };
}

/** The node of column aggregates over plain windows of event time, which have an operator of their own for speed. */
export function aggregateNode(
  { inputs, window, timing }: WindowPlace,
  { name, aggregates, assigner }: AggregateUse,
): NewNode {
  return {
    name,
    kind: 'window',
    inputs,
    sideInputs: { [LATE]: 0 },
    state: [{ name: WINDOWS, kind: 'windows', schema: accumulatorSchema(aggregates) }],
    description: {
      window: window.text,
      aggregates: Object.keys(aggregates).join(', '),
      ...(timing.lateness === undefined ? {} : { lateness: timing.lateness }),
      ...(timing.early === undefined ? {} : { early: timing.early }),
    },
    definition: {
      kind: 'window',
      assigner,
      latenessMs: latenessMs(timing),
      ...(timing.early === undefined ? {} : { earlyMs: positiveMs(timing.early, 'early firing') }),
      aggregates,
    },
  };
}

/** Column aggregates, and the plain windows that they are over. */
export interface AggregateUse {
  readonly name: string;
  readonly aggregates: Readonly<Record<string, Aggregate<never, unknown>>>;
  readonly assigner: WindowAssigner;
}

/** The assigner for `aggregateNode`; undefined where windows ask for more than it has. */
export function plainAssigner({ keyed, window, timing }: WindowPlace): WindowAssigner | undefined {
  const { assigner } = window;
  const chosen = [window.trigger, window.evictor, timing.trigger, timing.evictor];
  if (!keyed || chosen.some((each) => each !== undefined)) {
    return undefined;
  }
  if (assigner.kind === 'tumbling' && assigner.time === 'event' && assigner.stagger === 'aligned') {
    const { kind, sizeMs, offsetMs } = assigner;
    return { kind, sizeMs, offsetMs };
  }
  if (assigner.kind === 'sliding' && assigner.time === 'event') {
    const { kind, sizeMs, slideMs, offsetMs } = assigner;
    return { kind, sizeMs, slideMs, offsetMs };
  }
  return undefined;
}

interface Choices {
  readonly trigger: TriggerDefinition;
  readonly evictor: EvictorDefinition | undefined;
}

function choices({ window, timing }: WindowPlace): Choices {
  return {
    trigger: timing.trigger?.definition ?? window.trigger ?? defaultTrigger(window.assigner),
    evictor: timing.evictor?.definition ?? window.evictor,
  };
}

function schemaOf(schema: Schema | undefined): { readonly schema?: Schema } {
  return schema === undefined ? {} : { schema };
}

function contentsSchema(fn: WindowFunctionDefinition, records: readonly Schema[]): Schema {
  const [first] = records;
  return fn.kind === 'aggregate' || first === undefined
    ? accumulatorSchema(fn.kind === 'aggregate' ? fn.aggregates : {})
    : first;
}

function latenessMs({ lateness }: WindowTiming<never>): number {
  if (lateness === 'max') {
    return MAX_WATERMARK;
  }
  return lateness === undefined ? 0 : ms(lateness);
}

function description({ window, timing }: WindowPlace, { trigger, evictor }: Choices): Record<string, string> {
  return {
    window: window.text,
    ...(timing.trigger === undefined ? {} : { trigger: triggerText(trigger) }),
    ...(timing.evictor === undefined || evictor === undefined ? {} : { evictor: evictorText(evictor) }),
    ...(timing.lateness === undefined ? {} : { lateness: timing.lateness }),
  };
}

function checkFunction(name: string, fn: WindowFunctionDefinition, spec: DeclaredWindow | undefined): void {
  if (fn.kind === 'reduce') {
    refuseAsync(fn.reduce, `reduce of window "${name}"`);
  }
  if (fn.onWindow !== undefined || spec !== undefined) {
    refuseAsync(fn.onWindow, `onWindow of window "${name}"`);
  }
  if (spec?.onClear !== undefined) {
    refuseAsync(spec.onClear, `onClear of window "${name}"`);
  }
  if (LATE in (spec?.outputs ?? {})) {
    throw new Error(
      `Cannot add window "${name}": side output "${LATE}" is its own, of late records; call yours otherwise`,
    );
  }
  if (WINDOWS in (spec?.state ?? {})) {
    throw new Error(
      `Cannot add window "${name}": state "${WINDOWS}" is its own, of its windows; call yours otherwise`,
    );
  }
}

interface Merging {
  readonly assigner: GeneralAssigner;
  readonly trigger: TriggerDefinition;
  readonly fn: WindowFunctionDefinition;
}

/** Sessions grow together, so whatever is kept per window must be able to. */
function checkMerging(name: string, { assigner, trigger, fn }: Merging): void {
  if (!windowsMerge(assigner)) {
    return;
  }
  if (!triggerMerges(trigger)) {
    throw new Error(
      `Cannot add window "${name}": sessions merge, and trigger "${triggerText(trigger)}" cannot; use another trigger, or an own one with "onMerge"`,
    );
  }
  const [column] = unmergeable({ function: fn });
  if (column !== undefined) {
    throw new Error(
      `Cannot add window "${name}": sessions merge, and aggregate "${column}" has no "merge"; give it one`,
    );
  }
}

function refuseEarly(name: string, { early }: WindowTiming<never>): void {
  if (early !== undefined) {
    throw new Error(
      `Cannot add window "${name}" with "early": it is for column aggregates of tumbling and sliding windows of event time; use the trigger continuousProcessingTime`,
    );
  }
}
