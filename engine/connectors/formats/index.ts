/** How records are written as bytes: formats of sources and sinks. */
export { avro } from './avro.ts';
export { csv, type CsvOptions } from './csv.ts';
export type { FileFormat } from './file-form.ts';
export type { Format } from './format.ts';
export { json } from './json-format.ts';
export { parquet } from './parquet.ts';
export { raw } from './raw-format.ts';
