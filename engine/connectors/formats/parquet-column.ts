import type { ParquetWriter } from 'hyparquet-writer';
import type { Decimal } from '../../data/decimal.ts';
import { jsonForm } from '../../data/json-form.ts';
import type { DataType, RowField } from '../../data/schema.ts';

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** A field of the rows as a column. */
export interface ParquetColumn {
  readonly name: string;
  readonly element: SchemaElement;
  /** The value as the library takes it. */
  readonly convert: (value: unknown) => unknown;
  /** About how many bytes it has. */
  readonly sizeOf: (converted: unknown) => number;
}

/** How values of a type are stored. */
interface Stored {
  readonly element: Omit<SchemaElement, 'name'>;
  readonly convert: (value: unknown) => unknown;
}

export function parquetColumn({ name, type }: RowField): ParquetColumn {
  const nullable = type.kind === 'nullable';
  const { element, convert } = storedAs(nullable ? type.of : type);
  return {
    name,
    element: { name, repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED', ...element },
    convert: nullable ? (value) => (value === null ? null : convert(value)) : convert,
    sizeOf,
  };
}

const same = (value: unknown): unknown => value;
// Numbers of 64 bits are bigints for the library; the schema says that these are whole numbers.
const toBigInt = (value: unknown): unknown => BigInt(value as number | bigint);

function storedAs(type: DataType): Stored {
  switch (type.kind) {
    case 'boolean':
      return { element: { type: 'BOOLEAN' }, convert: same };
    case 'int':
    case 'bigint':
    case 'interval':
      return { element: { type: 'INT64' }, convert: toBigInt };
    case 'instant':
      return { element: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }, convert: toBigInt };
    case 'double':
      return { element: { type: 'DOUBLE' }, convert: same };
    case 'date':
      return { element: { type: 'INT32', converted_type: 'DATE' }, convert: same };
    case 'string':
    case 'enum':
      return { element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, convert: same };
    case 'bytes':
      return { element: { type: 'BYTE_ARRAY' }, convert: same };
    case 'decimal':
      return decimal(type);
    default: {
      const form = jsonForm(type);
      return {
        element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
        convert: (value) => JSON.stringify(form(value)),
      };
    }
  }
}

function decimal({ precision, scale }: Extract<DataType, { readonly kind: 'decimal' }>): Stored {
  return {
    // Sixteen bytes hold the 38 digits that SQL allows.
    element: { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, converted_type: 'DECIMAL', precision, scale },
    convert: (value) => (value as Decimal).unscaled,
  };
}

function sizeOf(converted: unknown): number {
  if (typeof converted === 'string' || converted instanceof Uint8Array) return converted.length + 4;
  return converted === null ? 1 : 8;
}
