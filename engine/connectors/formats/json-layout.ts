import type { DataType, RowField, SimpleKind } from '../../data/schema.ts';

/** How a producer writes its objects: which fields in which order, and whether with spaces as Python does. */
export interface JsonLayout {
  readonly names: readonly string[];
  readonly spaced: boolean;
}

/** The types that the generated parser reads; a row with any other is left to `JSON.parse`. */
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

/** The layout before any record was seen: the order of the schema, compact. */
export function declaredLayout(fields: readonly RowField[]): JsonLayout {
  return { names: fields.map((field) => field.name), spaced: false };
}

/** What a record that was read the slow way says about those that follow; undefined if no parser fits it. */
export function learnedLayout(
  text: string,
  parsed: object,
  fields: readonly RowField[],
): JsonLayout | undefined {
  const known = new Map(fields.map((field) => [field.name, field]));
  const entries = Object.entries(parsed);
  // A nested value has no layout of its own here, and integer-like names are reordered by JSON.parse.
  if (entries.some(([name, value]) => (typeof value === 'object' && value !== null) || /^\d+$/.test(name))) {
    return undefined;
  }
  if (fields.some((field) => !Object.hasOwn(parsed, field.name) && field.type.kind !== 'nullable')) {
    return undefined;
  }
  const names = entries.map(([name]) => name);
  return known.size === 0
    ? undefined
    : { names, spaced: text.startsWith(`{${JSON.stringify(names[0] ?? '')}: `) };
}

export function sameLayout(left: JsonLayout, right: JsonLayout): boolean {
  return (
    left.spaced === right.spaced &&
    left.names.length === right.names.length &&
    left.names.every((name, index) => name === right.names[index])
  );
}
