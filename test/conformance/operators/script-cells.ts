import type { ReducingState } from '#engine/state/accumulating-state.ts';
import type { ListState } from '#engine/state/list-state.ts';
import type { MapState } from '#engine/state/map-state.ts';
import type { ValueState } from '#engine/state/value-state.ts';
import {
  aggregating,
  type Cell,
  type CellOptions,
  list,
  map,
  reducing,
  value,
} from '#engine/stream/state-cells.ts';
import { anything } from './anything.ts';
import { reduceOp } from './reduce-op.ts';
import type { ScriptState } from './script.ts';
import { summarize } from './summary.ts';

/** A state of the suite. */
export interface CaseState {
  readonly name: string;
  readonly type: string;
  readonly op?: string;
  readonly ttl?: { readonly ms: number; readonly update?: string; readonly visibility?: string };
}

/** The cells of a case, by name. */
export function cellsOf(states: readonly CaseState[] = []): Readonly<Record<string, Cell<unknown>>> {
  return Object.fromEntries(states.map((state) => [state.name, cellOf(state)]));
}

function cellOf({ type, op, ttl }: CaseState): Cell<unknown> {
  const options: CellOptions<unknown> =
    ttl === undefined
      ? {}
      : {
          ttl: `${ttl.ms} ms`,
          ttlUpdate: ttl.update === 'onReadAndWrite' ? 'on-read-and-write' : 'on-write',
          ttlVisibility:
            ttl.visibility === 'returnExpiredIfNotCleanedUp' ? 'until-cleaned-up' : 'never-expired',
        };
  switch (type) {
    case 'list':
      return list(anything(), options);
    case 'map':
      return map(anything<string>(), anything(), options);
    case 'reducing':
      return reducing(anything(), reduceOp(op), options);
    case 'aggregating':
      return aggregating(anything(), summarize, options);
    default:
      return value(anything(), options);
  }
}

/** An open cell by the words of the language. Which of its methods exist depends on its kind, which the case knows. */
export function stateOf(cell: unknown): ScriptState {
  if (Symbol.iterator in (cell as object)) {
    return ofList(cell as ListState<unknown>);
  }
  return 'entries' in (cell as object)
    ? ofMap(cell as MapState<string, unknown>)
    : ofValue(cell as ValueState<unknown> & ReducingState<unknown>);
}

function ofList(cell: ListState<unknown>): ScriptState {
  return {
    ...refused('list'),
    read: () => [...cell],
    update: (next) => cell.set(next as Iterable<unknown>), // by the language
    add: (element) => cell.push(element),
    addAll: (elements) => {
      for (const element of elements as Iterable<unknown>) {
        cell.push(element);
      }
    },
    clear: () => cell.clear(),
  };
}

function ofMap(cell: MapState<string, unknown>): ScriptState {
  return {
    ...refused('map'),
    read: () => Object.fromEntries(cell.entries()),
    readKey: (key) => cell.get(key) ?? null,
    has: (key) => cell.has(key),
    isEmpty: () => cell.isEmpty,
    put: (key, element) => cell.set(key, element),
    addAll: (elements) =>
      Object.entries(elements as object).forEach(([key, element]) => cell.set(key, element)),
    remove: (key) => cell.delete(key),
    clear: () => cell.clear(),
  };
}

/** The suite's null is no value: our undefined. */
function ofValue(cell: ValueState<unknown> & ReducingState<unknown>): ScriptState {
  return {
    ...refused('value'),
    read: () => cell.get() ?? null,
    update: (next) => cell.set(next ?? undefined),
    add: (element) => cell.add(element),
    clear: () => cell.clear(),
  };
}

function refused(kind: string): ScriptState {
  const refuse = (): never => {
    throw new Error(`State of kind ${kind} has no such word`);
  };
  const words = ['read', 'readKey', 'has', 'isEmpty', 'update', 'add', 'addAll', 'put', 'remove', 'clear'];
  return Object.fromEntries(words.map((word) => [word, refuse])) as unknown as ScriptState; // all of its words
}
