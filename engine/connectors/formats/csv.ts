import { DecodeError } from '../../data/decode-error.ts';
import { rowBuilder } from '../../data/row-shapes.ts';
import type { Schema } from '../../data/schema.ts';
import { csvField, csvFields, type CsvField, type CsvSyntax } from './csv-line.ts';
import { csvText, csvValue } from './csv-value.ts';
import type { Format } from './format.ts';
import type { RecordEncoder } from './json-encoder.ts';
import type { RecordDecoder } from './record-decoder.ts';
import { rowFields } from './row-fields.ts';
import { valueDecoder } from './value-decoder.ts';

/** Options of {@link csv}. */
export interface CsvOptions {
  /** One character; a comma when left out. */
  readonly delimiter?: string;
  /** Stands for null where it is not quoted; empty when left out. */
  readonly nullLiteral?: string;
  /** Files begin with a line of the names of the columns; false when left out. */
  readonly header?: boolean;
}

/**
 * Comma-separated values as in RFC 4180, a line feed behind each record. Columns are the fields of the row, in order.
 *
 * Shape: instants are ISO 8601 text, dates `2026-11-21`, intervals `PT5M`, bytes base64, nested values JSON. A field of
 * several lines is written and read as one record, but not from files, which are cut at every line feed.
 * Example: `fileSink({ location: 's3://archive/daily', schema: Total, format: csv({ header: true }) })`.
 */
export function csv(options: CsvOptions = {}): Format {
  const { delimiter = ',', nullLiteral = '', header = false } = options;
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter))
    throw new Error(
      `Cannot use CSV with delimiter ${JSON.stringify(delimiter)}: it must be one character, and no quote or line end`,
    );
  const syntax: CsvSyntax = { delimiter, nullLiteral };
  return {
    name: 'csv',
    encoder: (schema) => encoder(schema, syntax),
    decoder: (schema) => decoder(schema, syntax),
    lines: { extension: '.csv', header: (schema) => (header ? headerLine(schema, syntax) : undefined) },
  };
}

function headerLine(schema: Schema | undefined, syntax: CsvSyntax): Uint8Array {
  const names = rowFields(schema, 'csv').map(({ name }) => csvField(name, syntax));
  return Buffer.from(names.join(syntax.delimiter));
}

function encoder<T>(schema: Schema<T> | undefined, syntax: CsvSyntax): RecordEncoder<T> {
  const columns = rowFields(schema, 'csv').map(({ name, type }) => ({ name, text: csvText(type) }));
  return (value) => {
    const row = value as Readonly<Record<string, unknown>>; // as its schema says
    return Buffer.from(
      columns.map(({ name, text }) => csvField(text(row[name]), syntax)).join(syntax.delimiter),
    );
  };
}

function decoder(schema: Schema, syntax: CsvSyntax): RecordDecoder {
  const fields = rowFields(schema, 'csv');
  const build = rowBuilder(fields.map(({ name }) => name));
  const columns = fields.map(({ name, type }) => csvValue(type, name));
  return valueDecoder((payload) => {
    const cells = csvFields(withoutReturn(Buffer.from(payload).toString()), syntax);
    if (cells.length !== columns.length)
      throw new DecodeError(`has ${cells.length} fields, and must have ${columns.length}`);
    let next = 0;
    return build(cells, (all) => {
      const index = next++;
      const cell = all[index];
      return columns[index]?.(cell === undefined || isNull(cell, syntax) ? undefined : cell.text);
    });
  });
}

function isNull({ text, quoted }: CsvField, { nullLiteral }: CsvSyntax): boolean {
  return !quoted && text === nullLiteral;
}

/** Windows ends its lines with both. */
function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
