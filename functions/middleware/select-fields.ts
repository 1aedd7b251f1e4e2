/** Answers that hold only what was asked for: `?fields=name,status.state`. */
import { fieldOf, isList, namesOf, selectableBody } from '#contract/api/fields.ts';
import type { Route } from '#contract/api/route.ts';
import { Problem } from '#contract/problems.ts';
import { unknownField } from '../control/check-configuration.ts';

/** Names and what of each is wanted; nothing below a name means all of it. */
export type Selection = ReadonlyMap<string, Selection>;
type Growing = Map<string, Growing>;

const PATHS_MAX = 100;

/** Undefined when everything is wanted. Throws `invalid-request` for names that the answer does not have. */
export function selectionOf(route: Route, text: string | null): Selection | undefined {
  const schema = selectableBody(route);
  if (schema === undefined || text === null) return undefined;
  const paths = text.split(',').map((path) => path.trim().split('.'));
  const errors = paths.slice(0, PATHS_MAX).flatMap((path) => faultOf(schema, path));
  if (paths.length > PATHS_MAX)
    errors.push({ pointer: '/query/fields', message: `must name at most ${PATHS_MAX} fields` });
  const [first] = errors;
  if (first !== undefined) {
    const message = `Cannot accept the request: /query/fields ${first.message}`;
    throw new Problem('invalid-request', message, { errors });
  }
  const selection: Growing = new Map();
  // The shortest first: whoever wants all of a field wants its parts too.
  for (const path of paths.toSorted((a, b) => a.length - b.length)) add(selection, path);
  return selection;
}

/** The answer with nothing but the selection; a list keeps its cursor, and gives of every item the selection. */
export function selected(route: Route, body: unknown, selection: Selection): unknown {
  if (!isList(route) || !isObject(body)) return pick(body, selection);
  return { ...body, items: pick(body['items'], selection) };
}

/** The same of an answer with one item a line. */
export function selectedLines(text: string, selection: Selection): string {
  const lines = text.split('\n').map((line) => {
    return line === '' ? '' : JSON.stringify(pick(JSON.parse(line), selection));
  });
  return lines.join('\n');
}

function faultOf(schema: unknown, path: readonly string[]): { pointer: string; message: string }[] {
  let at = schema;
  for (const [index, name] of path.entries()) {
    const known = namesOf(at);
    if (known === undefined) return [];
    if (!known.includes(name)) {
      const fault = unknownField(name, known, '/query/fields');
      const where = index === 0 ? '' : ` in "${path.slice(0, index).join('.')}"`;
      return [{ ...fault, message: fault.message.replace(`"${name}"`, `"${name}"${where}`) }];
    }
    at = fieldOf(at, name);
  }
  return [];
}

function add(selection: Growing, path: readonly string[]): void {
  let at = selection;
  for (const [index, name] of path.entries()) {
    const known = at.get(name);
    if (known?.size === 0) return;
    const below = known ?? new Map<string, never>();
    if (known === undefined) at.set(name, below);
    if (index < path.length - 1) at = below;
  }
}

function pick(value: unknown, selection: Selection): unknown {
  if (selection.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => pick(item, selection));
  if (!isObject(value)) return value;
  // In the order of the answer, so that the same fields give the same text.
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const below = selection.get(name);
      return below === undefined ? [] : [[name, pick(member, below)]];
    }),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
