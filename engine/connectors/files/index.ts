/** Files of a folder or of an Amazon S3 bucket: a bounded source, and a sink that holds every record once. */
import type { Schema } from '../../data/schema.ts';
import type { ConnectorHost, Source } from '../connector.ts';
import type { Format } from '../formats/format.ts';
import { json } from '../formats/json-format.ts';
import { FileEnumerator } from './file-enumerator.ts';
import { fileLocation } from './file-location.ts';
import type { FileLocation } from './file-location.ts';
import { FileReader } from './file-reader.ts';
import { StartTimes } from './start-times.ts';
import type { FileStore } from './file-store.ts';
import { LocalFileStore } from './local-file-store.ts';
import { S3FileStore } from './s3-file-store.ts';

export { fileSink, type FileSinkOptions } from './sink/file-sink.ts';
export type { Partition } from './sink/folder-of.ts';

/** Options of {@link files}. */
export interface FilesOptions<T> {
  /** `s3://bucket/prefix`, `file:///folder`, or the path of a folder or file. Names that begin with `.` or `_` are passed over. */
  readonly location: string;
  /** One record a line, `.gz` files compressed; JSON objects when left out, others in `headwater/connectors/formats`. */
  readonly format?: 'json-lines' | Format;
  /** What the lines are; what is none is counted and kept aside. */
  readonly schema: Schema<T>;
  /** Event time of a record, ms since 1970; without it records have none. */
  readonly time?: (value: T) => number;
  /**
   * The earliest event time that a file may hold, told by its name; ms since 1970. With it windows end while files
   * are read, as they did in the live job; see {@link files}. The name is the whole key of an object, or the path of
   * a file within the folder.
   */
  readonly startTime?: (name: string) => number;
  /** Larger files are read in parts of this size, by several subtasks; 64 MB when left out. */
  readonly rangeBytes?: number;
}

const RANGE_BYTES = 64 * 1024 * 1024;
/** Files that one subtask reads in turn; each is read a megabyte ahead. */
const FILES_AT_ONCE = 8;

/**
 * Reads every file that is there when the job starts without state, each line once, and ends.
 * After a restore it goes on behind the last line of the checkpoint; a file that was written again meanwhile fails
 * the job. Retries S3 for as long as it takes.
 *
 * Event time: files are not read all at once, and any of them may hold the oldest record. So the watermark waits for
 * every file that has not begun: nothing is late that was not late within its file, however the files are named and
 * over how many subtasks they are spread. Without `startTime` this means that windows end when the last files are
 * read, with state for all of them until then. With it, files are read from the earliest to the latest, and one that
 * has not begun holds back no more than what it may change.
 *
 * Example:
 * ```ts
 * source('payments', files({
 *   location: 's3://archive/payments/', // payments/2026-11-21/part-0.jsonl.gz
 *   schema: Payment,
 *   time: (payment) => payment.at,
 *   startTime: (name) => Date.parse(name.split('/')[1] ?? ''),
 * }))
 * ```
 */
export function files<T>(options: FilesOptions<T>): Source<T> {
  const { location, schema, time } = options;
  const format = lineFormat(options);
  const { startTime, rangeBytes = RANGE_BYTES } = options;
  if (!(Number.isInteger(rangeBytes) && rangeBytes > 0)) {
    throw new Error(
      `Cannot read files at "${location}": rangeBytes is ${rangeBytes}, and must be a whole number above 0`,
    );
  }
  const where = fileLocation(location);
  const order = new StartTimes(startTime);
  return {
    connector: 'files',
    options: { location, format: format.name },
    schema,
    ...(time === undefined ? {} : { time }),
    bounded: true,
    splitTime: (id) => ({ bounded: true, ...order.earliest(id) }),
    enumerator: (host) =>
      new FileEnumerator({ store: openStore(where, host), order, location, rangeBytes }, host),
    reader: (host) =>
      new FileReader(
        {
          store: openStore(where, host),
          order,
          decoder: format.decoder(schema),
          header: format.lines?.header(schema) !== undefined,
          atOnce: FILES_AT_ONCE,
        },
        host,
      ),
  };
}

function lineFormat<T>({ format = 'json-lines', location }: FilesOptions<T>): Format {
  const chosen = format === 'json-lines' ? json() : format;
  if (chosen.lines !== undefined) return chosen;
  throw new Error(
    `Cannot read files at "${location}": format ${chosen.name} has no lines; use json(), csv() or raw()`,
  );
}

function openStore(where: FileLocation, host: ConnectorHost): FileStore {
  return where.kind === 's3'
    ? new S3FileStore(where.bucket, where.prefix, host)
    : new LocalFileStore(where.path);
}
