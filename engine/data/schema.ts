/** A schema as any library may write it, and what a built-in one says about the bytes and the SQL type of its values. */

/** One fault of a value, with the way to the field it is about. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a validation gives: the value, or what is wrong with it. */
export type Validation<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/**
 * The shape of values of type `T`: any Standard Schema (`t`, zod, valibot, arktype).
 *
 * Contract: `validate` is synchronous. Of schemas made by `t`, `dataTypeOf` gives the type from which codecs and
 * decoders are generated; values of other schemas travel by the self-describing codec. Source: standardschema.dev.
 */
export interface Schema<T = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    validate(value: unknown): Validation<T> | Promise<Validation<T>>;
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
    readonly jsonSchema?:
      | { input(options: { readonly target: string }): Record<string, unknown> }
      | undefined;
  };
}

/** Schemas by name: those of side outputs. */
export type Schemas = Readonly<Record<string, Schema>>;

/** The type of the values of a schema. */
export type Infer<S> = S extends {
  readonly '~standard': { readonly types?: { readonly output: infer T } | undefined };
}
  ? T
  : never;

/**
 * A type as plain data: what codecs, decoders and SQL read. Values are what JavaScript has: instants are ms since 1970,
 * dates whole days since 1970, intervals ms, bytes Uint8Array; decimals are `Decimal`.
 */
export type DataType =
  | { readonly kind: SimpleKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'array'; readonly element: DataType }
  | { readonly kind: 'map'; readonly key: DataType; readonly value: DataType }
  | { readonly kind: 'row'; readonly fields: readonly RowField[] }
  | { readonly kind: 'nullable'; readonly of: DataType };

/** Types that a name says all about. */
export type SimpleKind =
  | 'boolean'
  | 'int'
  | 'bigint'
  | 'double'
  | 'string'
  | 'instant'
  | 'date'
  | 'interval'
  | 'bytes';

/** A field of a row; their order is the order of declaration. */
export interface RowField {
  readonly name: string;
  readonly type: DataType;
  /** What it was called in older versions of the program. */
  readonly formerly?: string;
  /** Its value, as JSON has it, in state that was written before it was there. */
  readonly default?: unknown;
}
