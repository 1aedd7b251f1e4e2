/** Reference paths and payload templates of the JSONPath query language. */
import { JSONPath } from 'jsonpath-plus';
import { isObject } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import { StateFailure } from './failure.ts';
import { callIntrinsic } from './intrinsic-functions.ts';

/** What paths of a state can reach. */
export interface PathScope {
  /** `$` */
  readonly data: unknown;
  /** `$$` */
  readonly context: JsonObject;
  /** `$name` */
  readonly variables: JsonObject;
}

type Step = string | number;

/** The value at a path; a definite path that leads nowhere fails, an indefinite one gives an empty list. */
export function readPath(path: string, scope: PathScope): unknown {
  const [root, rest] = rootOf(path, scope);
  const steps = definiteSteps(rest);
  if (steps === undefined) return readIndefinite(rest, root);
  let value = root;
  for (const step of steps) {
    value = memberOf(value, step);
    if (value === undefined) throw notFound(path, scope.data);
  }
  return value;
}

/** Whether a definite path leads to something, null included. */
export function hasPath(path: string, scope: PathScope): boolean {
  try {
    return readPath(path, scope) !== undefined;
  } catch (error) {
    if (error instanceof StateFailure) return false;
    throw error;
  }
}

/** A copy of `data` with `value` at a reference path, creating objects on the way. */
export function writePath(path: string, data: unknown, value: unknown): unknown {
  const steps = definiteSteps(path.slice(1));
  if (!path.startsWith('$') || steps === undefined) {
    throw new StateFailure('States.ResultPathMatchFailure', `"${path}" is not a reference path`);
  }
  return put(data, steps, value);
}

/** A payload template with its `.$` members evaluated. */
export function fillTemplate(template: unknown, scope: PathScope): unknown {
  if (Array.isArray(template)) return template.map((member) => fillTemplate(member, scope));
  if (!isObject(template)) return template;
  const filled = Object.entries(template).map(([key, value]) =>
    key.endsWith('.$')
      ? [key.slice(0, -2), evaluate(String(value), scope)]
      : [key, fillTemplate(value, scope)],
  );
  return Object.fromEntries(filled);
}

/** A path or a call of an intrinsic function. */
export function evaluate(expression: string, scope: PathScope): unknown {
  if (expression.startsWith('States.')) return callIntrinsic(expression, (path) => readPath(path, scope));
  if (expression.startsWith('$')) return readPath(expression, scope);
  throw new StateFailure('States.Runtime', `"${expression}" is neither a path nor an intrinsic function`);
}

function rootOf(path: string, scope: PathScope): [root: unknown, rest: string] {
  if (path.startsWith('$$')) return [scope.context, path.slice(2)];
  const variable = /^\$([A-Za-z_]\w*)/.exec(path)?.[1];
  if (variable === undefined) return [scope.data, path.slice(1)];
  if (!Object.hasOwn(scope.variables, variable)) {
    throw new StateFailure('States.Runtime', `The variable "${variable}" is not assigned`);
  }
  return [scope.variables[variable], path.slice(1 + variable.length)];
}

/** The steps of a path that can match only one value, else undefined. */
function definiteSteps(rest: string): Step[] | undefined {
  const steps: Step[] = [];
  const step = /\.([^.[\]*?@()'", ]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
  while (step.lastIndex < rest.length) {
    const match = step.exec(rest);
    if (match === null) return undefined;
    if (match[2] === undefined)
      steps.push(match[1] ?? (match[3] ?? match[4] ?? '').replaceAll(/\\(.)/g, '$1'));
    else steps.push(Number(match[2]));
  }
  return steps;
}

function memberOf(value: unknown, step: Step): unknown {
  if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function readIndefinite(rest: string, root: unknown): unknown {
  if (!isObject(root) && !Array.isArray(root)) return [];
  // `safe` interprets filters without handing them to the JavaScript engine.
  const found: unknown = JSONPath({ path: `$${rest}`, json: root, wrap: true, eval: 'safe' });
  return found ?? [];
}

function put(data: unknown, steps: readonly Step[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const copy = Array.isArray(data) ? [...data] : [];
    copy[step] = put(copy[step], rest, value);
    return copy;
  }
  if (data !== undefined && data !== null && !isObject(data)) {
    throw new StateFailure(
      'States.ResultPathMatchFailure',
      `Cannot put a member into the input: it is not an object`,
    );
  }
  return { ...data, [step]: put(isObject(data) ? data[step] : undefined, rest, value) };
}

function notFound(path: string, data: unknown): StateFailure {
  const shown = JSON.stringify(data) ?? '';
  const message = `The JSONPath '${path}' could not be found in the input '${shown.slice(0, 1_000)}'`;
  return new StateFailure('States.Runtime', message);
}
