import type { DataType, RowField } from '../../data/schema.ts';

/** A schema of Avro, as JSON has it. */
export type AvroSchema =
  | string
  | readonly AvroSchema[]
  | { readonly type: string | AvroSchema; readonly [attribute: string]: unknown };

const NAME = /^[A-Za-z_]\w*$/;

/**
 * The Avro schema of a type.
 *
 * Shape: int, bigint, instant (timestamp-millis) and interval are longs, a date is Avro's, a decimal is bytes; a map whose
 * keys are no text is an array of entries; nullable is a union with null in front.
 * Errors: throws where a field has a name that Avro does not allow.
 */
export function avroSchema(type: DataType, name = 'Record'): AvroSchema {
  switch (type.kind) {
    case 'int':
    case 'bigint':
    case 'interval':
      return 'long';
    case 'instant':
      return { type: 'long', logicalType: 'timestamp-millis' };
    case 'date':
      return { type: 'int', logicalType: 'date' };
    case 'decimal':
      return { type: 'bytes', logicalType: 'decimal', precision: type.precision, scale: type.scale };
    case 'enum':
      return type.values.every((symbol) => NAME.test(symbol))
        ? { type: 'enum', name, symbols: type.values }
        : 'string';
    case 'array':
      return { type: 'array', items: avroSchema(type.element, `${name}_item`) };
    case 'map':
      return mapSchema(type, name);
    case 'nullable':
      return ['null', avroSchema(type.of, name)];
    case 'row':
      return { type: 'record', name, fields: type.fields.map((field) => fieldSchema(field, name)) };
    default:
      return type.kind;
  }
}

/** Avro has maps of texts only. */
export function isTextMap({ key }: Extract<DataType, { readonly kind: 'map' }>): boolean {
  return key.kind === 'string' || key.kind === 'enum';
}

function mapSchema(type: Extract<DataType, { readonly kind: 'map' }>, name: string): AvroSchema {
  if (isTextMap(type)) return { type: 'map', values: avroSchema(type.value, `${name}_value`) };
  const fields = [
    { name: 'key', type: avroSchema(type.key, `${name}_key`) },
    { name: 'value', type: avroSchema(type.value, `${name}_value`) },
  ];
  return { type: 'array', items: { type: 'record', name: `${name}_entry`, fields } };
}

function fieldSchema({ name, type }: RowField, record: string) {
  if (!NAME.test(name))
    throw new Error(
      `Cannot use format avro with field "${name}": names in Avro have letters, digits and _ only; rename it before the sink`,
    );
  return { name, type: avroSchema(type, `${record}_${name}`) };
}
