import { DecodeError } from '../data/decode-error.ts';
import { jsonConverter } from '../data/json-value.ts';
import type { DataType } from '../data/schema.ts';
import { isPlain } from '../data/value-kind.ts';

/**
 * A configuration with the values that its type has, where JSON could only write them in another form: decimals and
 * dates as text, 64-bit integers as numbers, bytes as base64, maps as objects. Whatever else is wrong stays as it is,
 * for a validation to find.
 */
export function fromJsonForms(type: DataType, value: unknown): unknown {
  switch (type.kind) {
    case 'decimal':
    case 'bigint':
    case 'date':
    case 'interval':
    case 'instant':
    case 'bytes':
      return typeof value === 'string' || typeof value === 'number' ? converted(type, value) : value;
    case 'map':
      return isObject(value) ? converted(type, value) : value;
    case 'nullable':
      return value === null ? null : fromJsonForms(type.of, value);
    case 'array':
      return Array.isArray(value) ? value.map((item) => fromJsonForms(type.element, item)) : value;
    case 'row':
      return isObject(value) ? rowFromJson(type, value) : value;
    default:
      return value;
  }
}

function rowFromJson({ fields }: Extract<DataType, { readonly kind: 'row' }>, value: object): unknown {
  const types = new Map(fields.map((field) => [field.name, field.type]));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]: [string, unknown]) => {
      const type = types.get(name);
      return [name, type === undefined ? member : fromJsonForms(type, member)];
    }),
  );
}

function converted(type: DataType, value: unknown): unknown {
  try {
    return jsonConverter(type)(value, []);
  } catch (error) {
    if (error instanceof DecodeError) {
      return value;
    }
    throw error;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value);
}
