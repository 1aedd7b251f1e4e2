import { createHash } from 'node:crypto';
import { dataTypeOf } from '../../data/data-type.ts';
import { DecodeError } from '../../data/decode-error.ts';
import type { DataType, Schema } from '../../data/schema.ts';
import { AvroReader, AvroWriter } from './avro-bytes.ts';
import { avroCodec, type AvroCodec } from './avro-codec.ts';
import { avroSchema } from './avro-schema.ts';
import type { FileEncoder, FileFormat } from './file-form.ts';
import type { Format } from './format.ts';
import { valueDecoder } from './value-decoder.ts';

/**
 * Apache Avro, with the schema that follows from the row: records in its binary form, files as object containers.
 *
 * Example: `kinesisSink({ stream: 'totals', partitionKey: (r) => r.key, schema: Total, format: avro() })`.
 */
export function avro(): Format & FileFormat {
  return {
    name: 'avro',
    encoder: (schema) => {
      const codec = avroCodec(typeOf(schema));
      const out = new AvroWriter();
      return (value) => {
        codec.write(out, value);
        return out.take();
      };
    },
    decoder: (schema) => {
      const codec = avroCodec(typeOf(schema));
      return valueDecoder((payload) => {
        const from = new AvroReader(payload);
        const value = codec.read(from);
        if (from.rest > 0) throw new DecodeError(`has ${from.rest} bytes behind the record`);
        return value;
      });
    },
    form: (schema) => ({
      name: 'avro',
      extension: '.avro',
      wholeAtAnyTime: true,
      encoder: () => new ContainerEncoder(typeOf(schema)),
    }),
  };
}

function typeOf(schema: Schema | undefined): DataType {
  const type = dataTypeOf(schema);
  if (type === undefined)
    throw new Error(
      'Cannot use format avro without a schema of t: it says how records lie in the bytes; give one',
    );
  avroSchema(type);
  return type;
}

const MAGIC = Buffer.from('Obj\u0001', 'latin1');

/** Writes blocks of records behind a header with the schema; a sync mark ends each. */
class ContainerEncoder<T> implements FileEncoder<T> {
  readonly #codec: AvroCodec;
  readonly #sync: Uint8Array;
  readonly #out = new AvroWriter();
  #head: Uint8Array;
  #records: Uint8Array[] = [];
  #recordBytes = 0;

  constructor(type: DataType) {
    const schema = JSON.stringify(avroSchema(type));
    this.#codec = avroCodec(type);
    // Readers only want it to be unlikely in the data; made of the schema it needs no chance.
    this.#sync = createHash('md5').update(schema).digest();
    this.#head = this.#header(schema);
  }

  get bytes(): number {
    return this.#head.length + this.#recordBytes;
  }

  add(value: T): void {
    this.#codec.write(this.#out, value);
    const record = this.#out.take();
    this.#records.push(record);
    this.#recordBytes += record.length;
  }

  take(): Uint8Array {
    const records = this.#records;
    this.#out.long(records.length);
    this.#out.long(this.#recordBytes);
    const counts = this.#out.take();
    const block = records.length === 0 ? [] : [counts, ...records, this.#sync];
    const taken = Buffer.concat([this.#head, ...block]);
    this.#head = new Uint8Array();
    this.#records = [];
    this.#recordBytes = 0;
    return taken;
  }

  end(): Promise<Uint8Array> {
    return Promise.resolve(this.take());
  }

  #header(schema: string): Uint8Array {
    this.#out.long(2);
    this.#out.string('avro.schema');
    this.#out.string(schema);
    this.#out.string('avro.codec');
    this.#out.string('null');
    this.#out.byte(0);
    return Buffer.concat([MAGIC, this.#out.take(), this.#sync]);
  }
}
