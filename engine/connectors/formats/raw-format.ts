import { dataTypeOf } from '../../data/data-type.ts';
import { rowBuilder } from '../../data/row-shapes.ts';
import type { DataType, Schema } from '../../data/schema.ts';
import type { Format } from './format.ts';
import { valueDecoder } from './value-decoder.ts';

/**
 * The payload as it is: records are `t.bytes`, `t.string` (UTF-8), or rows of one such field.
 *
 * Example: `kinesis({ stream: 'logs', schema: t.row({ line: t.string }), format: raw() })`.
 */
export function raw(): Format {
  return {
    name: 'raw',
    encoder: (schema) => {
      const { field } = contentOf(schema);
      return (value) => {
        const content = field === undefined ? value : (value as Readonly<Record<string, unknown>>)[field];
        // The schema says that it is one of the two.
        return typeof content === 'string' ? Buffer.from(content) : (content as Uint8Array);
      };
    },
    decoder: (schema) => {
      const { field, kind } = contentOf(schema);
      const read = (payload: Uint8Array): unknown =>
        kind === 'string' ? Buffer.from(payload).toString() : Uint8Array.from(payload);
      if (field === undefined) return valueDecoder(read);
      const build = rowBuilder([field]);
      return valueDecoder((payload) => build(payload, read));
    },
    lines: { extension: '.txt', header: () => undefined },
  };
}

interface Content {
  readonly kind: 'string' | 'bytes';
  readonly field?: string;
}

function contentOf(schema: Schema | undefined): Content {
  const type = dataTypeOf(schema);
  const [field, ...others] = type?.kind === 'row' ? type.fields : [];
  const kind = kindOf(field === undefined ? type : field.type);
  if (kind !== undefined && others.length === 0)
    return field === undefined ? { kind } : { kind, field: field.name };
  throw new Error(
    'Cannot use format raw with this schema: it must be t.string, t.bytes, or a row of one such field',
  );
}

function kindOf(type: DataType | undefined): Content['kind'] | undefined {
  return type?.kind === 'string' || type?.kind === 'bytes' ? type.kind : undefined;
}
