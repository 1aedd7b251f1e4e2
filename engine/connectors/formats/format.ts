import type { Schema } from '../../data/schema.ts';
import type { RecordEncoder } from './json-encoder.ts';
import type { RecordDecoder } from './record-decoder.ts';

/** How one record is written as bytes, and read again: what it gives for a schema both ways is the same record. */
export interface Format {
  readonly name: string;
  /** Errors: throws where records of the schema have no such form. */
  encoder<T>(schema: Schema<T> | undefined): RecordEncoder<T>;
  decoder(schema: Schema): RecordDecoder;
  /** How records lie in files, where each is a line. */
  readonly lines?: {
    /** As in `.csv`. */
    readonly extension: string;
    /** The first line of a file, without its end. */
    header(schema: Schema | undefined): Uint8Array | undefined;
  };
}
