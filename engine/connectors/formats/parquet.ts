import type * as Parquet from 'hyparquet-writer';
import type { Schema } from '../../data/schema.ts';
import type { FileEncoder, FileFormat } from './file-form.ts';
import { parquetColumn, type ParquetColumn } from './parquet-column.ts';
import { rowFields } from './row-fields.ts';

type Library = typeof Parquet;

/** Rows that are encoded at once: more are smaller files, and a longer stop of the stream. */
const GROUP_ROWS = 20_000;

/**
 * Apache Parquet, compressed with Snappy. A file is finished with every checkpoint, since its end lists all that is in it.
 *
 * Shape: one column for each field of the row; nested values are JSON.
 */
export function parquet(): FileFormat {
  return {
    name: 'parquet',
    form: <T>(schema: Schema<T> | undefined) => {
      const columns = rowFields(schema, 'parquet').map(parquetColumn);
      return {
        name: 'parquet',
        extension: '.parquet',
        wholeAtAnyTime: false,
        encoder: () => new ParquetEncoder<T>(columns),
      };
    },
  };
}

/** Keeps the rows of a group as columns; groups are encoded as soon as the library is there. */
class ParquetEncoder<T> implements FileEncoder<T> {
  readonly #columns: readonly ParquetColumn[];
  readonly #library = import('hyparquet-writer');
  #file: OpenParquet | undefined;
  #values: unknown[][];
  #rows = 0;
  /** An estimate: what is not encoded has no size yet. */
  #bytes = 0;

  constructor(columns: readonly ParquetColumn[]) {
    this.#columns = columns;
    this.#values = columns.map(() => []);
    this.#library.then(
      (library) => {
        this.#file ??= new OpenParquet(library, columns);
      },
      // `end` tells.
      () => undefined,
    );
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(value: T): void {
    const row = value as Readonly<Record<string, unknown>>; // as its schema says
    for (const [index, { name, convert, sizeOf }] of this.#columns.entries()) {
      const converted = convert(row[name]);
      this.#values[index]?.push(converted);
      this.#bytes += sizeOf(converted);
    }
    this.#rows += 1;
    if (this.#rows >= GROUP_ROWS && this.#file !== undefined) this.#encode(this.#file);
  }

  take(): Uint8Array {
    const taken = this.#file?.take() ?? new Uint8Array();
    this.#bytes = 0;
    return taken;
  }

  async end(): Promise<Uint8Array> {
    this.#file ??= new OpenParquet(await this.#library, this.#columns);
    if (this.#rows > 0) this.#encode(this.#file);
    return this.#file.end();
  }

  #encode(file: OpenParquet): void {
    file.write(this.#values);
    this.#values = this.#columns.map(() => []);
    this.#rows = 0;
  }
}

/** A file as the library writes it. */
class OpenParquet {
  readonly #columns: readonly ParquetColumn[];
  readonly #bytes: Parquet.ByteWriter;
  readonly #writer: Parquet.ParquetWriter;

  constructor({ ByteWriter, ParquetWriter }: Library, columns: readonly ParquetColumn[]) {
    this.#columns = columns;
    this.#bytes = new ByteWriter();
    const root = { name: 'root', num_children: columns.length };
    const schema = [root, ...columns.map(({ element }) => element)];
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema, createdBy: 'headwater' });
  }

  write(values: readonly unknown[][]): void {
    const columnData = this.#columns.map(({ name }, index) => ({ name, data: values[index] ?? [] }));
    // With a writer into memory nothing is asynchronous.
    void this.#writer.write({ columnData, rowGroupSize: GROUP_ROWS });
  }

  take(): Uint8Array {
    const taken = Uint8Array.from(this.#bytes.getBytes());
    // The library counts offsets apart from the place in the buffer, for writers that pass on what they have.
    this.#bytes.index = 0;
    return taken;
  }

  end(): Uint8Array {
    void this.#writer.finish();
    return this.take();
  }
}
