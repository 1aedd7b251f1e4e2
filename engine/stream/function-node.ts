import type { Schema, Schemas } from '../data/schema.ts';
import type { DataflowEdge } from '../graph/dataflow-graph.ts';
import { EVENT_TIMERS, PROCESSING_TIMERS } from '../operators/function-scope.ts';
import type { FunctionDefinition, OperatorDefinition } from '../operators/operator-definition.ts';
import { type NewNode, refuseAsync } from './graph-builder.ts';
import { type Cells, declareCells } from './state-cells.ts';

/** What users' functions declare beside their handlers of records, whatever inputs they have. */
export interface DeclaredFunction {
  readonly output: Schema;
  readonly outputs?: Schemas;
  readonly state?: Cells;
  readonly timers?: readonly string[];
  readonly processingTimers?: readonly string[];
  readonly onTimer?: (timer: never, context: never) => unknown;
}

/** What a function's node has beside. */
export interface FunctionPlace {
  readonly name: string;
  readonly inputs: readonly DataflowEdge[];
  readonly keyed: boolean;
  /** The handlers of records, by the names that users gave them. */
  readonly handlers: Readonly<Record<string, unknown>>;
  /** The definition, out of what all functions have in common. */
  define(this: void, common: FunctionDefinition): OperatorDefinition;
}

/** The node of a user's function: declares its cells and outputs, and refuses handlers that are asynchronous. */
export function functionNode(
  spec: DeclaredFunction,
  { name, inputs, keyed, handlers, define }: FunctionPlace,
): NewNode {
  const { timers = [], processingTimers = [], outputs = {}, onTimer } = spec;
  const definition = define({
    keyed,
    timers,
    processingTimers,
    outputs: Object.keys(outputs),
    ...(onTimer === undefined ? {} : { onTimer }),
  });
  const { kind } = definition;
  const many = Object.keys(handlers).length > 1;
  for (const [handler, fn] of Object.entries(handlers)) {
    refuseAsync(fn, `${many ? `${handler} of ` : ''}${kind} "${name}"`);
  }
  const named = [...timers, ...processingTimers];
  checkTimers(named, onTimer, { kind, name, keyed });
  checkCells(spec.state ?? {}, { kind, name, keyed });
  return {
    name,
    kind,
    inputs,
    schema: spec.output,
    ...(spec.outputs === undefined ? {} : { sideSchemas: outputs }),
    state: declareCells(spec.state ?? {}),
    description: named.length === 0 ? {} : { timers: named.join(', ') },
    definition,
  };
}

/** The node of a function over one input. */
export function processNode(
  spec: DeclaredFunction & { readonly onRecord: (record: never, context: never) => unknown },
  place: Pick<FunctionPlace, 'name' | 'inputs' | 'keyed'>,
): NewNode {
  const { onRecord } = spec;
  return functionNode(spec, {
    ...place,
    handlers: { onRecord },
    define: (common) => ({ ...common, kind: 'process', onRecord }),
  });
}

interface NamedFunction {
  readonly kind: string;
  readonly name: string;
  readonly keyed: boolean;
}

/** Refuses names that a function's timers have in snapshots, and what TypeScript refuses, for users of JavaScript. */
function checkCells(cells: Cells, { kind, name, keyed }: NamedFunction): void {
  checkStateNames(`${kind} "${name}"`, Object.keys(cells));
  const perKey = Object.entries(cells).find(([, cell]) => cell.kind !== 'operator-list');
  if (!keyed && perKey !== undefined) {
    throw new Error(
      `Cannot add ${kind} "${name}": its state "${perKey[0]}" is kept per key, and its stream has no keys; use keyBy before, or operatorList for the state`,
    );
  }
}

/** Refuses names of state that the function's own tables have. */
export function checkStateNames(where: string, names: readonly string[]): void {
  const taken = names.find((each) => each === EVENT_TIMERS || each === PROCESSING_TIMERS);
  if (taken !== undefined) {
    throw new Error(`Cannot add ${where}: state "${taken}" is its own, of its timers; call yours otherwise`);
  }
}

function checkTimers(
  timers: readonly string[],
  onTimer: unknown,
  { kind, name, keyed }: NamedFunction,
): void {
  if (timers.length === 0) {
    return;
  }
  const text = timers.map((timer) => `"${timer}"`).join(', ');
  if (!keyed) {
    throw new Error(`Cannot add ${kind} "${name}": it has timers ${text} and no keys; use keyBy before`);
  }
  const twice = timers.find((timer, index) => timers.indexOf(timer) < index);
  if (twice !== undefined) {
    throw new Error(
      `Cannot add ${kind} "${name}": timer "${twice}" is declared twice; a timer is of event time or of processing time, so give each its own name`,
    );
  }
  refuseAsync(onTimer, `timers ${text} of ${kind} "${name}" without "onTimer"`);
}
