import { isObject } from '../../input.ts';
import type { JsonObject } from '../../input.ts';
import { holds } from './choice-rule.ts';
import type { State } from './definition.ts';
import { evaluate, fillTemplate, readPath, writePath } from './json-path.ts';
import type { PathScope } from './json-path.ts';
import type { Outcome, QueryLanguage, Scope } from './query-language.ts';

/** The JSONPath query language: InputPath, Parameters, ResultSelector, ResultPath, OutputPath, in this order. */
export const jsonPathLanguage: QueryLanguage = {
  async workInput(state, scope) {
    const data = effectiveInput(state, scope);
    return state['Parameters'] === undefined ? data : fillTemplate(state['Parameters'], { ...scope, data });
  },
  async member(state, name, scope) {
    const path = state[`${name}Path`];
    if (typeof path !== 'string') return state[name];
    return evaluate(path, pathScope(scope, effectiveInput(state, scope)));
  },
  async items(state, scope) {
    return readPath(state.ItemsPath ?? '$', pathScope(scope, effectiveInput(state, scope)));
  },
  async itemInput(state, scope, item) {
    const selector = state['ItemSelector'] ?? state['Parameters'];
    if (selector === undefined) return item;
    return fillTemplate(selector, pathScope(scope, effectiveInput(state, scope)));
  },
  async choose(state, scope) {
    const paths = pathScope(scope, effectiveInput(state, scope));
    const rule = (state.Choices ?? []).find((choice) => holds(choice, paths));
    const next = rule === undefined ? state.Default : String(rule['Next']);
    if (next === undefined) return undefined;
    const assign = rule === undefined ? state.Assign : rule['Assign'];
    return { ...leave(state, scope, paths.data), variables: assigned(assign, paths), next };
  },
  async complete(state, scope, result) {
    const selected =
      state['ResultSelector'] === undefined
        ? result
        : fillTemplate(state['ResultSelector'], { ...scope, data: result });
    const variables = assigned(state.Assign, { ...scope, data: result });
    return { ...leave(state, scope, combine(state.ResultPath, scope.input, selected)), variables };
  },
  async pass(state, scope) {
    const paths = pathScope(scope, effectiveInput(state, scope));
    return { ...leave(state, scope, paths.data), variables: assigned(state.Assign, paths) };
  },
  async caught(catcher, scope, error) {
    const variables = assigned(catcher.Assign, { ...scope, data: error });
    return { output: combine(catcher.ResultPath, scope.input, error), variables, next: catcher.Next };
  },
};

function effectiveInput(state: State, scope: Scope): unknown {
  if (state.InputPath === null) return {};
  return state.InputPath === undefined
    ? scope.input
    : readPath(state.InputPath, { ...scope, data: scope.input });
}

function pathScope(scope: Scope, data: unknown): PathScope {
  return { data, context: scope.context, variables: scope.variables };
}

/** null discards the result, no path replaces the input by it. */
function combine(path: string | null | undefined, input: unknown, result: unknown): unknown {
  if (path === null) return input;
  return path === undefined ? result : writePath(path, input, result);
}

function leave(state: State, scope: Scope, data: unknown): Outcome {
  const output =
    state.OutputPath === null
      ? {}
      : state.OutputPath === undefined
        ? data
        : readPath(state.OutputPath, { ...scope, data });
  return { output, variables: scope.variables };
}

function assigned(assign: unknown, scope: PathScope): JsonObject {
  if (!isObject(assign)) return scope.variables;
  // All expressions see the variables as they were before the state.
  const values = fillTemplate(assign, scope);
  return { ...scope.variables, ...(isObject(values) ? values : {}) };
}
