/** All streams of a directory. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { CorruptDataError } from '../corrupt-data-error.ts';
import { AwsError } from '../service.ts';
import type { Shard } from './shard.ts';
import { Stream } from './stream.ts';
import type { StreamMeta } from './stream.ts';

// A prefix keeps the legal stream names "." and ".." from being paths.
const streamPrefix = 'stream-';
const deletedPrefix = 'deleted-';
const account = '000000000000';

/** The streams by name, open from construction to `close`. */
export class Streams {
  readonly #directory: string;
  readonly #region: string;
  readonly #byName = new Map<string, Stream>();

  constructor(directory: string, region: string) {
    this.#directory = directory;
    this.#region = region;
    mkdirSync(directory, { recursive: true });
    for (const entry of readdirSync(directory)) {
      const full = path.join(directory, entry);
      if (entry.startsWith(deletedPrefix)) rmSync(full, { recursive: true, force: true });
      else if (entry.startsWith(streamPrefix)) this.#open(full);
    }
  }

  arn(stream: Stream): string {
    return `arn:aws:kinesis:${this.#region}:${account}:stream/${stream.name}`;
  }

  get names(): string[] {
    return [...this.#byName.keys()].sort();
  }

  all(): Iterable<Stream> {
    return this.#byName.values();
  }

  find(name: string): Stream | undefined {
    return this.#byName.get(name);
  }

  /** The stream that an input names by StreamName or StreamARN. */
  named(input: { readonly StreamName?: unknown; readonly StreamARN?: unknown }): Stream {
    const given = input.StreamName ?? input.StreamARN;
    if (typeof given !== 'string') {
      throw new AwsError(400, 'InvalidArgumentException', 'Either StreamName or StreamARN must be given');
    }
    const name = given.startsWith('arn:') ? given.slice(given.lastIndexOf('/') + 1) : given;
    const stream = this.#byName.get(name);
    if (stream !== undefined) return stream;
    throw new AwsError(
      400,
      'ResourceNotFoundException',
      `Stream ${name} under account ${account} not found.`,
    );
  }

  shard(stream: Stream, id: unknown): Shard {
    const shard = stream.shards.find((one) => one.id === id);
    if (shard !== undefined) return shard;
    throw new AwsError(
      400,
      'ResourceNotFoundException',
      `Could not find shard ${String(id)} in stream ${stream.name} under account ${account}.`,
    );
  }

  create(meta: Pick<StreamMeta, 'name' | 'createdAt' | 'mode' | 'tags'>, shards: number): void {
    if (this.#byName.has(meta.name)) {
      const message = `Stream ${meta.name} under account ${account} already exists.`;
      throw new AwsError(400, 'ResourceInUseException', message);
    }
    const directory = path.join(this.#directory, streamPrefix + meta.name);
    this.#byName.set(meta.name, Stream.create(directory, meta, shards));
  }

  delete(stream: Stream): void {
    this.#byName.delete(stream.name);
    stream.close();
    // Renamed first, so that a crash in the middle leaves no half stream behind.
    const doomed = path.join(this.#directory, `${deletedPrefix}${stream.createdAt}-${stream.name}`);
    renameSync(stream.directory, doomed);
    rmSync(doomed, { recursive: true, force: true });
  }

  expire(now: number): void {
    for (const stream of this.#byName.values()) stream.expire(now);
  }

  close(): void {
    for (const stream of this.#byName.values()) stream.close();
  }

  #open(directory: string): void {
    const stream = Stream.open(directory);
    if (stream !== undefined) {
      this.#byName.set(stream.name, stream);
      return;
    }
    // The description is written when a stream is created, before its first record: without one there are no records.
    const logs = readdirSync(directory, { recursive: true }).filter((name) => String(name).endsWith('.log'));
    if (logs.length > 0) {
      throw new CorruptDataError(
        path.join(directory, 'meta.json'),
        'it is missing, but there are records beside it',
      );
    }
    rmSync(directory, { recursive: true, force: true });
  }
}
