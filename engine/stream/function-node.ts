import type { Schema } from '../data/schema.ts';
import type { DataflowEdge } from '../graph/dataflow-graph.ts';
import type { FunctionDefinition, OperatorDefinition } from '../operators/operator-definition.ts';
import { type NewNode, refuseAsync } from './graph-builder.ts';
import { type Cell, declareCells } from './state-cells.ts';

/** What users' functions declare beside their handlers of records, whatever inputs they have. */
export interface DeclaredFunction {
  readonly output: Schema;
  readonly outputs?: Readonly<Record<string, Schema>>;
  readonly state?: Readonly<Record<string, Cell<unknown>>>;
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

interface NamedFunction {
  readonly kind: string;
  readonly name: string;
  readonly keyed: boolean;
}

/** What TypeScript refuses, for users of JavaScript. */
function checkCells(
  cells: Readonly<Record<string, Cell<unknown>>>,
  { kind, name, keyed }: NamedFunction,
): void {
  const perKey = Object.entries(cells).find(([, cell]) => cell.kind !== 'operator-list');
  if (!keyed && perKey !== undefined) {
    throw new Error(
      `Cannot add ${kind} "${name}": its state "${perKey[0]}" is kept per key, and its stream has no keys; use keyBy before, or operatorList for the state`,
    );
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
  refuseAsync(onTimer, `timers ${text} of ${kind} "${name}" without "onTimer"`);
}
