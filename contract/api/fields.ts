/** `fields=name,status.state` on reads: which of them take it, and which names there are. */
import * as z from 'zod';
import type { Fields, Route } from './route.ts';

/** How it is written; names are checked by the schema of the answer. */
const FieldsParameter = z.string().min(1).max(4000);

/** All that a query may hold: what the route says, and `fields` where an answer has any; undefined takes anything. */
export function queryOf(route: Route): Fields | undefined {
  // Flink's clients send more than its API reads.
  if (route.tag === 'Flink') return route.query;
  const query = route.query ?? z.object({});
  return selectableBody(route) === undefined ? query : query.extend({ fields: FieldsParameter.optional() });
}

/** What can be selected from: the items of a list, else the whole answer; undefined where an answer has no fields. */
export function selectableBody(route: Route): z.ZodObject | undefined {
  const { method, tag, bodyIsText, success } = route;
  if (method !== 'GET' || tag === 'Flink' || bodyIsText === true) return undefined;
  const [body] = alternatives(success.body);
  if (!(body instanceof z.ZodObject)) return undefined;
  const [items] = alternatives(body.shape['items']);
  const [item] = items instanceof z.ZodArray ? alternatives(items.element) : [];
  return item instanceof z.ZodObject ? item : body;
}

/** Whether the answer is a list, whose items are selected from. */
export function isList(route: Route): boolean {
  const [body] = alternatives(route.success.body);
  return body instanceof z.ZodObject && selectableBody(route) !== body;
}

/** Names below a schema; undefined where it takes any name. Lists have those of their items. */
export function namesOf(schema: unknown): string[] | undefined {
  const names = new Set<string>();
  for (const one of alternatives(schema)) {
    const below = one instanceof z.ZodArray ? namesOf(one.element) : ownNames(one);
    if (below === undefined) return undefined;
    for (const name of below) names.add(name);
  }
  return [...names];
}

/** Schemas of a field, one for each form that its owner can have. */
export function fieldOf(schema: unknown, name: string): z.ZodType {
  const found = alternatives(schema).flatMap((one) => {
    if (one instanceof z.ZodArray) return [fieldOf(one.element, name)];
    const field: unknown = one instanceof z.ZodObject ? one.shape[name] : undefined;
    return field instanceof z.ZodType ? [field] : [];
  });
  return found.length === 0 ? z.unknown() : z.union(found);
}

function ownNames(schema: z.ZodType): string[] | undefined {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  const isOpen =
    schema instanceof z.ZodRecord || schema instanceof z.ZodUnknown || schema instanceof z.ZodAny;
  return isOpen ? undefined : [];
}

/** What a schema stands for, without what may be absent, and each form of a union by itself. */
function alternatives(schema: unknown): z.ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternatives);
  if (schema instanceof z.ZodPipe) return alternatives(schema.out);
  if (schema instanceof z.ZodLazy) return alternatives(schema.unwrap());
  const isWrapper =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly;
  if (isWrapper) return alternatives(schema.unwrap());
  return schema instanceof z.ZodType ? [schema] : [];
}
