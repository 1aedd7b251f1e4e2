import { ms, type Duration } from '../../../data/duration.ts';
import type { Schema } from '../../../data/schema.ts';
import type { ConnectorHost, TransactionalSink } from '../../connector.ts';
import type { FileForm, FileFormat } from '../../formats/file-form.ts';
import type { Format } from '../../formats/format.ts';
import { json } from '../../formats/json-format.ts';
import { lineForm } from '../../formats/line-form.ts';
import { newPlace } from '../../new-place.ts';
import { fileLocation } from '../file-location.ts';
import { FileCommitter } from './file-committer.ts';
import type { FileTarget } from './file-target.ts';
import { FileWriter, type Rolling } from './file-writer.ts';
import { folderOf, type Partition } from './folder-of.ts';
import { LocalTarget } from './local-target.ts';
import { S3Target } from './s3-target.ts';

/** Options of {@link fileSink}. */
export interface FileSinkOptions<T> {
  /** `s3://bucket/prefix`, `file:///folder`, or the path of a folder. */
  readonly location: string;
  /** One JSON object a line when left out; `csv()`, `avro()`, `parquet()` and `raw()` are in `headwater/connectors/formats`. */
  readonly format?: 'json-lines' | Format | FileFormat;
  /** What records are; needed by all formats but JSON, which without it is what `JSON.stringify` gives. */
  readonly schema?: Schema<T>;
  /** Of files of lines; Parquet compresses by itself. */
  readonly compression?: 'none' | 'gzip';
  /** Folders within the location; all files lie in the location itself when left out. */
  readonly partition?: Partition<T>;
  /** When a file is finished and the next one begun; whatever comes first. */
  readonly roll?: {
    /** Before compression; 128 MB when left out. */
    readonly bytes?: number;
    /** 15 minutes when left out. */
    readonly interval?: Duration;
    /** With every checkpoint, so that readers see records no later than that. */
    readonly onCheckpoint?: boolean;
  };
  /** Files that one subtask has open at once, one for each folder; 64 when left out. */
  readonly openFiles?: number;
}

const ROLL_BYTES = 128 * 1024 * 1024;
const ROLL_INTERVAL = '15 minutes';
const OPEN_FILES = 64;

/**
 * Writes files that hold every record once.
 *
 * A file is visible when it is finished and the checkpoint is complete that it is part of; until then it is a multipart
 * upload, or lies in the hidden folder `.in-progress`. It goes on over checkpoints where its form allows for that, and
 * is finished by size, by age, at a savepoint and at the end. After a failure, what the last checkpoint holds is
 * published, and what came behind it is dropped and written again. Files never change once they are visible.
 *
 * Names: `<folder>/part-<subtask>-<number>-<owner>-<epoch>-<run>.jsonl`; none is given twice.
 * Example: `fileSink({ location: 's3://archive/payments', partition: { fields: ['country'], day: (p) => p.at } })`.
 */
export function fileSink<T>(options: FileSinkOptions<T>): TransactionalSink<T> {
  const { location, compression = 'none', partition, roll = {}, openFiles = OPEN_FILES } = options;
  const compressed = compression === 'gzip';
  const form = formOf(options, compressed);
  const rolling = rollingOf(location, roll);
  const target = (where: string, host: ConnectorHost) => openTarget(where, host);
  return {
    connector: 'files',
    guarantee: 'exactly-once',
    options: { location, format: form.name, ...(compressed ? { compression } : {}) },
    writer: (host, subtask) =>
      new FileWriter(
        {
          target: target(location, host),
          form,
          compressed,
          rolling,
          folderOf: folderOf(partition),
          openFilesMax: openFiles,
        },
        host,
        subtask,
      ),
    committer: (host, subtask) =>
      new FileCommitter({ location, targetOf: (where) => target(where, host) }, host, subtask),
    redirected: (to) => fileSink({ ...options, location: newPlace('files', 'location', to) }),
  };
}

function formOf<T>({ format, schema, location }: FileSinkOptions<T>, compressed: boolean): FileForm<T> {
  const chosen = format === undefined || format === 'json-lines' ? json() : format;
  if ('form' in chosen) {
    if (compressed)
      throw new Error(
        `Cannot write files at "${location}": format ${chosen.name} cannot be compressed with gzip; leave compression out`,
      );
    return chosen.form(schema);
  }
  const { name, lines } = chosen;
  if (lines === undefined)
    throw new Error(
      `Cannot write files at "${location}": records of format ${name} have no form of files; use csv(), avro() or parquet()`,
    );
  const [encode, header] = [chosen.encoder(schema), lines.header(schema)];
  return lineForm({ name, extension: lines.extension, encode, header });
}

function rollingOf(location: string, roll: NonNullable<FileSinkOptions<never>['roll']>): Rolling {
  const { bytes = ROLL_BYTES, interval = ROLL_INTERVAL, onCheckpoint = false } = roll;
  if (!(bytes > 0))
    throw new Error(`Cannot write files at "${location}": roll.bytes is ${bytes}, and must be above 0`);
  return { bytes, intervalMs: ms(interval), onCheckpoint };
}

function openTarget(location: string, host: ConnectorHost): FileTarget {
  const where = fileLocation(location);
  const identity = { location, owner: host.owner };
  if (where.kind === 'local') return new LocalTarget(where.path, identity);
  const prefix = where.prefix === '' || where.prefix.endsWith('/') ? where.prefix : `${where.prefix}/`;
  return new S3Target({ bucket: where.bucket, prefix }, identity, host);
}
