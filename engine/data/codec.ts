import { anyCodec } from './any-codec.ts';
import { closureCodec } from './closure-codec.ts';
import { dataTypeOf } from './data-type.ts';
import { canGenerate } from './generated-function.ts';
import { generatedCodec } from './generated-codec.ts';
import type { DataType, Schema } from './schema.ts';
import type { ValueCodec } from './value-codec.ts';

const codecs = new WeakMap<DataType, ValueCodec>();

/** The codec of a type: generated where the process allows it. */
export function codecOf(type: DataType): ValueCodec {
  const known = codecs.get(type);
  if (known !== undefined) {
    return known;
  }
  const codec = canGenerate() ? generatedCodec(type) : closureCodec(type);
  codecs.set(type, codec);
  return codec;
}

/** The codec of a schema: by its type, or self-describing where it has none. */
export function codecFor(schema: Schema | undefined): ValueCodec {
  const type = dataTypeOf(schema);
  return type === undefined ? anyCodec : codecOf(type);
}
