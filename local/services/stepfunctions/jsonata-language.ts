import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { isObject } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import { StateFailure } from './failure.ts';
import type { Outcome, QueryLanguage, Scope } from './query-language.ts';

// Definitions are few and loops are long, so each text is compiled once.
const compiled = new Map<string, jsonata.Expression>();
const compiledMax = 2_000;

/** The JSONata query language: Arguments before the work, Assign and Output after it. */
export const jsonataLanguage: QueryLanguage = {
  workInput: (state, scope) =>
    state['Arguments'] === undefined
      ? Promise.resolve(scope.input)
      : fill(state['Arguments'], bindings(scope)),
  member: (state, name, scope) => fill(state[name], bindings(scope)),
  items: (state, scope) =>
    state['Items'] === undefined ? Promise.resolve(scope.input) : fill(state['Items'], bindings(scope)),
  itemInput: (state, scope, item) =>
    state['ItemSelector'] === undefined
      ? Promise.resolve(item)
      : fill(state['ItemSelector'], bindings(scope)),
  async choose(state, scope) {
    for (const rule of state.Choices ?? []) {
      const holds = await fill(rule['Condition'], bindings(scope));
      if (typeof holds !== 'boolean') {
        throw new StateFailure(
          'States.QueryEvaluationError',
          `Condition ${String(rule['Condition'])} is not a boolean`,
        );
      }
      if (holds)
        return { ...(await leave(rule, scope, { fallback: scope.input })), next: String(rule['Next']) };
    }
    if (state.Default === undefined) return undefined;
    return { ...(await leave(state, scope, { fallback: scope.input })), next: state.Default };
  },
  complete: (state, scope, result) => leave(state, scope, { fallback: result, states: { result } }),
  pass: (state, scope) => leave(state, scope, { fallback: scope.input }),
  async caught(catcher, scope, errorOutput) {
    const left = await leave(catcher, scope, { fallback: errorOutput, states: { errorOutput } });
    return { ...left, next: catcher.Next };
  },
};

interface Leaving {
  /** Output where the state names none. */
  readonly fallback: unknown;
  /** Further members of `$states`. */
  readonly states?: JsonObject;
}

async function leave(
  owner: { readonly Output?: unknown; readonly Assign?: unknown },
  scope: Scope,
  { fallback, states }: Leaving,
): Promise<Outcome> {
  const values = bindings(scope, states);
  const output = owner.Output === undefined ? fallback : await fill(owner.Output, values);
  // All expressions see the variables as they were before the state.
  const assigned = owner.Assign === undefined ? {} : await fill(owner.Assign, values);
  return { output, variables: { ...scope.variables, ...(isObject(assigned) ? assigned : {}) } };
}

function bindings(scope: Scope, states: JsonObject = {}): JsonObject {
  return { ...scope.variables, states: { input: scope.input, context: scope.context, ...states } };
}

/** A value with each string of the form `{% … %}` evaluated. */
async function fill(template: unknown, values: JsonObject): Promise<unknown> {
  if (typeof template === 'string') {
    const expression = /^\{%([\s\S]*)%\}$/.exec(template)?.[1];
    return expression === undefined ? template : evaluate(expression, values);
  }
  if (Array.isArray(template)) return Promise.all(template.map((member) => fill(member, values)));
  if (!isObject(template)) return template;
  const entries = Object.entries(template).map(
    async ([key, value]) => [key, await fill(value, values)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function evaluate(text: string, values: JsonObject): Promise<unknown> {
  let result: unknown;
  try {
    result = await compile(text).evaluate(undefined, values);
  } catch (cause) {
    const message =
      isObject(cause) || cause instanceof Error
        ? String((cause as { message?: unknown }).message)
        : String(cause);
    throw new StateFailure(
      'States.QueryEvaluationError',
      `The JSONata expression '${text.trim()}' failed: ${message}`,
      {
        cause,
      },
    );
  }
  if (result === undefined || typeof result === 'function') {
    const message = `The JSONata expression '${text.trim()}' returned nothing (undefined).`;
    throw new StateFailure('States.QueryEvaluationError', message);
  }
  // JSONata marks its sequences with hidden members; what goes on is plain JSON.
  return typeof result === 'object' && result !== null
    ? (JSON.parse(JSON.stringify(result)) as unknown)
    : result;
}

function compile(text: string): jsonata.Expression {
  const known = compiled.get(text);
  if (known !== undefined) return known;
  const expression = jsonata(text);
  expression.registerFunction('uuid', () => randomUUID());
  expression.registerFunction('parse', (json: string) => JSON.parse(json) as unknown);
  expression.registerFunction('partition', (array: readonly unknown[], size: number) =>
    Array.from({ length: Math.ceil(array.length / size) }, (_, part) =>
      array.slice(part * size, (part + 1) * size),
    ),
  );
  expression.registerFunction('range', (from: number, to: number, step: number) =>
    Array.from(
      { length: Math.max(0, Math.floor((to - from) / step) + 1) },
      (_, index) => from + index * step,
    ),
  );
  expression.registerFunction('hash', (content: string, algorithm: string) =>
    createHash(algorithm.replace('-', '').toLowerCase()).update(content).digest('hex'),
  );
  expression.registerFunction('random', () => Math.random());
  if (compiled.size >= compiledMax) compiled.clear();
  compiled.set(text, expression);
  return expression;
}
