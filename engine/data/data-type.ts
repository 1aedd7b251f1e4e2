import { isDecimal, unscaledIn } from './decimal.ts';
import type { DataType, Issue, Schema } from './schema.ts';

/** The vendor of the schemas that `t` makes. */
export const VENDOR = 'headwater';

/** The type of a schema that `t` made; undefined of all others, which may have a `type` that means something else. */
export function dataTypeOf(schema: Schema | undefined): DataType | undefined {
  if (schema?.['~standard'].vendor !== VENDOR) {
    return undefined;
  }
  // What `t` makes is a `Type`; a bundle has its own copy of it, so there is no class to ask for.
  return (schema as { readonly type?: DataType }).type;
}

/** The type as Flink SQL writes it. */
export function sqlOf(type: DataType): string {
  switch (type.kind) {
    case 'boolean':
      return 'BOOLEAN';
    case 'int':
      return 'INT';
    case 'bigint':
      return 'BIGINT';
    case 'double':
      return 'DOUBLE';
    case 'string':
    case 'enum':
      return 'STRING';
    case 'instant':
      return 'TIMESTAMP_LTZ(3)';
    case 'date':
      return 'DATE';
    case 'interval':
      return 'INTERVAL DAY TO SECOND(3)';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'bytes':
      return 'BYTES';
    case 'array':
      return `ARRAY<${sqlOf(type.element)}>`;
    case 'map':
      return `MAP<${sqlOf(type.key)}, ${sqlOf(type.value)}>`;
    case 'row':
      return `ROW<${type.fields.map((field) => `\`${field.name}\` ${sqlOf(field.type)}`).join(', ')}>`;
    case 'nullable':
      return `${sqlOf(type.of)} NULL`;
  }
}

/** What is wrong with a value, or undefined; of a row or list only the first fault of each field. */
export function issuesOf(type: DataType, value: unknown): readonly Issue[] | undefined {
  const issues: Issue[] = [];
  check(type, { value, path: [], issues });
  return issues.length === 0 ? undefined : issues;
}

interface Checked {
  readonly value: unknown;
  readonly path: readonly PropertyKey[];
  readonly issues: Issue[];
}

function check(type: DataType, at: Checked): void {
  switch (type.kind) {
    case 'nullable':
      return at.value === null ? undefined : check(type.of, at);
    case 'row':
      return checkRow(type.fields, at);
    case 'array':
      return checkArray(type.element, at);
    case 'map':
      return checkMap(type, at);
    default:
      if (!isScalar(type, at.value)) {
        at.issues.push({ message: `must be ${described(type)}, is ${shown(at.value)}`, path: at.path });
      }
  }
}

function checkRow(fields: readonly { readonly name: string; readonly type: DataType }[], at: Checked): void {
  if (typeof at.value !== 'object' || at.value === null || Array.isArray(at.value)) {
    at.issues.push({ message: `must be an object, is ${shown(at.value)}`, path: at.path });
    return;
  }
  const row = at.value as Readonly<Record<string, unknown>>; // an object, by the test above
  for (const { name, type } of fields) {
    const path = [...at.path, name];
    if (row[name] === undefined) {
      at.issues.push({ message: `is missing; it must be ${described(type)}`, path });
    } else {
      check(type, { value: row[name], path, issues: at.issues });
    }
  }
}

function checkArray(element: DataType, at: Checked): void {
  if (!Array.isArray(at.value)) {
    at.issues.push({ message: `must be an array, is ${shown(at.value)}`, path: at.path });
    return;
  }
  at.value.forEach((value: unknown, index) =>
    check(element, { value, path: [...at.path, index], issues: at.issues }),
  );
}

function checkMap(type: Extract<DataType, { kind: 'map' }>, at: Checked): void {
  if (!(at.value instanceof Map)) {
    at.issues.push({ message: `must be a Map, is ${shown(at.value)}`, path: at.path });
    return;
  }
  for (const [key, value] of at.value) {
    const path = [...at.path, String(key)];
    check(type.key, { value: key, path, issues: at.issues });
    check(type.value, { value, path, issues: at.issues });
  }
}

type Scalar = Exclude<DataType, { readonly kind: 'row' | 'array' | 'map' | 'nullable' }>;

function isScalar(type: Scalar, value: unknown): boolean {
  switch (type.kind) {
    case 'boolean':
    case 'bigint':
    case 'string':
      return typeof value === type.kind;
    case 'int':
    case 'instant':
    case 'date':
    case 'interval':
      return Number.isSafeInteger(value);
    case 'decimal':
      return isDecimal(value) && unscaledIn(value, type.precision, type.scale) !== undefined;
    case 'double':
      return typeof value === 'number';
    case 'bytes':
      return value instanceof Uint8Array;
    case 'enum':
      return typeof value === 'string' && type.values.includes(value);
  }
}

function described(type: DataType): string {
  switch (type.kind) {
    case 'enum':
      return `one of ${type.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'int':
      return 'an integer';
    case 'instant':
      return 'a time in ms since 1970';
    case 'date':
      return 'a number of days since 1970';
    case 'interval':
      return 'a duration in ms';
    case 'decimal':
      return `a Decimal with at most ${type.precision} digits, ${type.scale} of them behind the point`;
    case 'bytes':
      return 'a Uint8Array';
    case 'double':
      return 'a number';
    case 'nullable':
      return `${described(type.of)} or null`;
    case 'row':
      return 'an object';
    case 'array':
      return 'an array';
    default:
      return `a ${type.kind}`;
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  }
  if (isDecimal(value)) {
    return `Decimal ${value.toString()}`;
  }
  return typeof value === 'object' && value !== null ? Object.prototype.toString.call(value) : String(value);
}
