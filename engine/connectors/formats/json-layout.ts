import type { DataType, RowField, SimpleKind } from '../../data/schema.ts';

/** How a producer writes its objects: which fields in which order, and whether with spaces as Python does. */
export interface JsonLayout {
  readonly names: readonly string[];
  readonly spaced: boolean;
  /** Layouts of the objects in it, by the names of their fields; a row that has none here is null. */
  readonly nested: Readonly<Record<string, JsonLayout>>;
}

/** The types besides rows that the generated parser reads; a row with any other is left to `JSON.parse`. */
export type FlatType =
  | { readonly kind: Exclude<SimpleKind, 'bigint' | 'bytes'> }
  | Extract<DataType, { readonly kind: 'decimal' }>
  | { readonly kind: 'enum'; readonly values: readonly string[] };

/** The type behind `nullable`, where it is one that the generated parser reads. */
export function flatType(type: DataType): FlatType | undefined {
  const inner = type.kind === 'nullable' ? type.of : type;
  switch (inner.kind) {
    case 'boolean':
    case 'int':
    case 'double':
    case 'string':
    case 'instant':
    case 'date':
    case 'interval':
      return { kind: inner.kind };
    case 'decimal':
    case 'enum':
      return inner;
    default:
      return undefined;
  }
}

/** The fields of a row, or of the row behind `nullable`. */
export function rowFields(type: DataType): readonly RowField[] | undefined {
  const inner = type.kind === 'nullable' ? type.of : type;
  return inner.kind === 'row' ? inner.fields : undefined;
}

/** The layout before any record was seen: the order of the schema, compact. */
export function declaredLayout(fields: readonly RowField[]): JsonLayout {
  const nested = fields.flatMap(({ name, type }) => {
    const inner = rowFields(type);
    return inner === undefined ? [] : [[name, declaredLayout(inner)] as const];
  });
  return { names: fields.map((field) => field.name), spaced: false, nested: Object.fromEntries(nested) };
}

/** What a record that was read the slow way says about those that follow; undefined if no parser fits it. */
export function learnedLayout(
  text: string,
  parsed: object,
  fields: readonly RowField[],
): JsonLayout | undefined {
  const [first = ''] = Object.keys(parsed);
  return layoutOf(parsed, fields, text.startsWith(`{${JSON.stringify(first)}: `));
}

function layoutOf(parsed: object, fields: readonly RowField[], spaced: boolean): JsonLayout | undefined {
  const names = Object.keys(parsed);
  // JSON.parse reorders names that are like integers.
  if (names.some((name) => /^\d+$/.test(name))) return undefined;
  if (fields.length === 0 || fields.some((field) => isMissing(parsed, field))) return undefined;
  const known = new Map(fields.map((field) => [field.name, field]));
  const nested: Record<string, JsonLayout> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value !== 'object' || value === null) continue;
    const inner = rowFields(known.get(name)?.type ?? NOT_A_ROW);
    const layout = inner === undefined ? undefined : layoutOf(value as object, inner, spaced);
    // An array, or an object that is no row of the schema: it has no layout.
    if (layout === undefined) return undefined;
    nested[name] = layout;
  }
  return { names, spaced, nested };
}

const NOT_A_ROW: DataType = { kind: 'boolean' };

function isMissing(parsed: object, { name, type }: RowField): boolean {
  return !Object.hasOwn(parsed, name) && type.kind !== 'nullable';
}

export function sameLayout(left: JsonLayout, right: JsonLayout): boolean {
  return (
    left.spaced === right.spaced &&
    left.names.length === right.names.length &&
    left.names.every((name, index) => name === right.names[index] && sameNested(left, right, name))
  );
}

function sameNested(left: JsonLayout, right: JsonLayout, name: string): boolean {
  const [one, other] = [left.nested[name], right.nested[name]];
  return one === undefined || other === undefined ? one === other : sameLayout(one, other);
}
