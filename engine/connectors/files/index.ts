/** Files of a folder or of an Amazon S3 bucket, as a bounded source. */
import type { Schema } from '../../data/schema.ts';
import type { ConnectorHost, Source } from '../connector.ts';
import { jsonDecoder } from '../formats/json.ts';
import { FileEnumerator } from './file-enumerator.ts';
import { fileLocation } from './file-location.ts';
import type { FileLocation } from './file-location.ts';
import { FileReader } from './file-reader.ts';
import type { FileStore } from './file-store.ts';
import { LocalFileStore } from './local-file-store.ts';
import { S3FileStore } from './s3-file-store.ts';

/** Options of {@link files}. */
export interface FilesOptions<T> {
  /** `s3://bucket/prefix`, `file:///folder`, or the path of a folder or file. Names that begin with `.` or `_` are passed over. */
  readonly location: string;
  /** One JSON object a line, `.gz` files compressed; the one format so far. */
  readonly format?: 'json-lines';
  /** Lines are JSON objects of this schema; what is none is counted and kept aside. */
  readonly schema: Schema<T>;
  /** Event time of a record, ms since 1970; without it records have none. */
  readonly time?: (value: T) => number;
  /**
   * Says that the files follow each other in event time when they are sorted by name, within the source's
   * out-of-orderness. Then windows end while files are read, as they did in the live job; see {@link files}.
   */
  readonly inTimeOrder?: boolean;
  /** Larger files are read in parts of this size, by several subtasks; 64 MB when left out. */
  readonly rangeBytes?: number;
}

const RANGE_BYTES = 64 * 1024 * 1024;
/** Files that one subtask reads in turn where their order is not known; each is read a megabyte ahead. */
const FILES_AT_ONCE = 8;

/**
 * Reads every file that is there when the job starts without state, each line once, and ends.
 * After a restore it goes on behind the last line of the checkpoint; a file that was written again meanwhile fails
 * the job. Retries S3 for as long as it takes.
 *
 * Event time: files are not read all at once, and any of them may hold the oldest record. So the watermark waits for
 * every file that has not begun, nothing is late that was not late within its file, and windows end when the last
 * files are read, with state for all of them until then. With `inTimeOrder` each subtask reads its files one after
 * another by name, and files that have not begun hold nothing back.
 *
 * Example: `source('payments', files({ location: 's3://archive/payments/', schema: Payment, time: (p) => p.at }))`.
 */
export function files<T>(options: FilesOptions<T>): Source<T> {
  const { location, format = 'json-lines', schema, time } = options;
  const { inTimeOrder = false, rangeBytes = RANGE_BYTES } = options;
  if (!(Number.isInteger(rangeBytes) && rangeBytes > 0)) {
    throw new Error(
      `Cannot read files at "${location}": rangeBytes is ${rangeBytes}, and must be a whole number above 0`,
    );
  }
  const where = fileLocation(location);
  const splitTime = { bounded: true, ...(inTimeOrder ? { inTurn: true } : {}) };
  return {
    connector: 'files',
    options: { location, format, ...(inTimeOrder ? { inTimeOrder } : {}) },
    schema,
    ...(time === undefined ? {} : { time }),
    splitTime: () => splitTime,
    enumerator: (host) => new FileEnumerator(openStore(where, host), { location, rangeBytes }, host),
    reader: (host) =>
      new FileReader(
        {
          store: openStore(where, host),
          decoder: jsonDecoder(schema),
          atOnce: inTimeOrder ? 1 : FILES_AT_ONCE,
        },
        host,
      ),
  };
}

function openStore(where: FileLocation, host: ConnectorHost): FileStore {
  return where.kind === 's3'
    ? new S3FileStore(where.bucket, where.prefix, host)
    : new LocalFileStore(where.path);
}
