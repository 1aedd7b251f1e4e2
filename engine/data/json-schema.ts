import type { DataType } from './schema.ts';

/** The type as JSON Schema (2020-12), for forms and checks of configuration. */
export function jsonSchemaOf(type: DataType): Record<string, unknown> {
  switch (type.kind) {
    case 'boolean':
      return { type: 'boolean' };
    case 'int':
    case 'bigint':
      return { type: 'integer' };
    case 'double':
      return { type: 'number' };
    case 'string':
      return { type: 'string' };
    case 'instant':
      return { type: 'integer', description: 'Milliseconds since 1970' };
    case 'date':
      return { type: 'string', format: 'date' };
    case 'interval':
      return { type: 'integer', description: 'Milliseconds' };
    case 'decimal':
      return { type: 'string', pattern: decimalPattern(type) };
    case 'bytes':
      return { type: 'string', contentEncoding: 'base64' };
    case 'enum':
      return { type: 'string', enum: [...type.values] };
    case 'array':
      return { type: 'array', items: jsonSchemaOf(type.element) };
    case 'map':
      return { type: 'object', additionalProperties: jsonSchemaOf(type.value) };
    case 'row':
      return {
        type: 'object',
        properties: Object.fromEntries(type.fields.map((field) => [field.name, jsonSchemaOf(field.type)])),
        required: type.fields.map((field) => field.name),
        additionalProperties: false,
      };
    case 'nullable':
      return { anyOf: [jsonSchemaOf(type.of), { type: 'null' }] };
  }
}

function decimalPattern({ precision, scale }: Extract<DataType, { kind: 'decimal' }>): string {
  const fraction = scale === 0 ? '' : `(\\.\\d{1,${scale}})?`;
  return `^-?\\d{1,${Math.max(precision - scale, 1)}}${fraction}$`;
}
