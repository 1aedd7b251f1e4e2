import type { Sink, TransactionalSink, TransactionalWriter } from '../connectors/connector.ts';
import { fileSink } from '../connectors/files/index.ts';
import type { Format } from '../connectors/formats/format.ts';
import { jsonEncoder } from '../connectors/formats/json-encoder.ts';
import { NO_TIME } from '../data/record-batch.ts';
import { HIDDEN } from '../operators/redacted-text.ts';

/** A record that was kept aside. */
interface Captured {
  /** Event time, ISO 8601; null where the record has none. */
  readonly time: string | null;
  readonly record: unknown;
}

const ROLL_BYTES = 8 * 1024 * 1024;

/**
 * Keeps the records of a sink aside as lines of JSON, each once, and visible with its checkpoint.
 *
 * The values of hidden fields are left out: whoever reads captures is not who may read the place of the program's choice.
 */
export function capturedSink(location: string, hide: readonly string[] = []): Sink<never> {
  const files = fileSink<Captured>({
    location,
    format: lines(hide),
    roll: { onCheckpoint: true, bytes: ROLL_BYTES },
  });
  const captured: TransactionalSink<unknown> = {
    ...files,
    connector: 'capture',
    writer: (host, subtask) => capturing(files.writer(host, subtask)),
  };
  return captured;
}

function capturing(writer: TransactionalWriter<Captured>): TransactionalWriter<unknown> {
  return {
    write: (record, time) =>
      writer.write({ time: time === NO_TIME ? null : new Date(time).toISOString(), record }, time),
    get pending() {
      return writer.pending;
    },
    get highWater() {
      return writer.highWater;
    },
    flush: () => writer.flush(),
    prepare: (how) => writer.prepare(how),
    onAvailable: (wake) => writer.onAvailable(wake),
    close: () => writer.close(),
  };
}

function lines(hide: readonly string[]): Format {
  const encode = jsonEncoder<unknown>();
  return {
    name: 'json',
    encoder: () => (value) => encode(hide.length === 0 ? value : withoutFields(value, new Set(hide))),
    decoder: () => {
      throw new Error('Cannot read captured records as a source: read them through the API');
    },
    lines: { extension: '.jsonl', header: () => undefined },
  };
}

/** Plain objects and arrays are looked into; what else has fields is written by its own `toJSON`. */
function withoutFields(value: unknown, fields: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutFields(element, fields));
  if (value instanceof Map) return withoutFields(Object.fromEntries(value), fields);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      fields.has(name) ? HIDDEN : withoutFields(field, fields),
    ]),
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
