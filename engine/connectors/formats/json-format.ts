import type { Format } from './format.ts';
import { jsonEncoder } from './json-encoder.ts';
import { jsonDecoder } from './json.ts';

/** JSON objects; in files one a line. */
export function json(): Format {
  return {
    name: 'json',
    encoder: (schema) => jsonEncoder(schema),
    decoder: (schema) => jsonDecoder(schema),
    lines: { extension: '.jsonl', header: () => undefined },
  };
}
