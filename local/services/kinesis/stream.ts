/** One stream: its shards, its counter of sequences, and the file that describes it. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CorruptDataError } from '../corrupt-data-error.ts';
import type { StoredRecord } from './frame.ts';
import { hexBefore, uniformRanges } from './partition.ts';
import type { HashKeyRange } from './partition.ts';
import { sequencePrefix } from './sequence-number.ts';
import { Shard, shardId } from './shard.ts';
import type { ShardRecord } from './shard.ts';

const hourMs = 3_600_000;
const metaFile = 'meta.json';

/** What the file of a stream holds. */
export interface StreamMeta {
  readonly version: 1;
  readonly name: string;
  readonly createdAt: number;
  readonly mode: 'PROVISIONED' | 'ON_DEMAND';
  readonly retentionHours: number;
  /** Highest sequence that was given away when the file was written; the logs may hold higher ones. */
  readonly sequence: number;
  readonly nextShard: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly shards: readonly ShardRecord[];
}

/** A record to be put, with the hash key that chooses its shard. */
export interface NewRecord {
  readonly partitionKey: string;
  readonly hashKey: string;
  readonly data: Buffer;
}

/** Where a record went. */
export interface PutResult {
  readonly shard: Shard;
  readonly sequence: number;
}

/** An open stream; every change of its description is on disk before the call returns. */
export class Stream {
  readonly name: string;
  readonly createdAt: number;
  readonly mode: StreamMeta['mode'];
  readonly directory: string;
  /** What all sequence numbers of this stream begin with. */
  readonly sequencePrefix: string;
  #retentionHours: number;
  #tags: Readonly<Record<string, string>>;
  #shards: Shard[];
  #sequence: number;
  #nextShard: number;
  #lastArrivedAt: number;

  private constructor(directory: string, meta: StreamMeta) {
    this.directory = directory;
    this.name = meta.name;
    this.createdAt = meta.createdAt;
    this.sequencePrefix = sequencePrefix(meta.createdAt);
    this.mode = meta.mode;
    this.#retentionHours = meta.retentionHours;
    this.#tags = meta.tags;
    this.#nextShard = meta.nextShard;
    this.#shards = meta.shards.map((record) => new Shard(record, path.join(directory, record.id)));
    this.#sequence = Math.max(meta.sequence, ...this.#shards.map((shard) => shard.log.lastSequence));
    this.#lastArrivedAt = Math.max(0, ...this.#shards.map((shard) => shard.log.lastArrivedAt));
  }

  static create(
    directory: string,
    meta: Pick<StreamMeta, 'name' | 'createdAt' | 'mode' | 'tags'>,
    shards: number,
  ): Stream {
    mkdirSync(directory, { recursive: true });
    const ranges = uniformRanges(shards);
    const stream = new Stream(directory, {
      ...meta,
      version: 1,
      retentionHours: 24,
      sequence: shards,
      nextShard: shards,
      shards: ranges.map((range, i) => ({ id: shardId(i), range, startingSequence: i + 1 })),
    });
    stream.#save();
    return stream;
  }

  /** Opens the stream of a directory; undefined if its creation was never finished. */
  static open(directory: string): Stream | undefined {
    const file = path.join(directory, metaFile);
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
    return new Stream(directory, parseMeta(file, text));
  }

  get shards(): readonly Shard[] {
    return this.#shards;
  }

  get openShards(): readonly Shard[] {
    return this.#shards.filter((shard) => shard.isOpen);
  }

  get retentionHours(): number {
    return this.#retentionHours;
  }

  get tags(): Readonly<Record<string, string>> {
    return this.#tags;
  }

  /** Appends records, one write a shard, and answers where each went. */
  put(records: readonly NewRecord[], now: number): PutResult[] {
    // A clock that is set back must not make a shard's arrivals fall: searches by time rely on their order.
    this.#lastArrivedAt = Math.max(this.#lastArrivedAt, now);
    const arrivedAt = this.#lastArrivedAt;
    const batches = new Map<Shard, StoredRecord[]>();
    const results = records.map(({ partitionKey, hashKey, data }): PutResult => {
      const shard = this.shardFor(hashKey);
      const sequence = ++this.#sequence;
      const batch = batches.get(shard) ?? [];
      if (batch.length === 0) batches.set(shard, batch);
      batch.push({ sequence, arrivedAt, partitionKey, data });
      return { shard, sequence };
    });
    for (const [shard, batch] of batches) shard.log.append(batch);
    return results;
  }

  /** The open shard of a hash key. */
  shardFor(hashKey: string): Shard {
    const shard = this.#shards.find((one) => one.isOpen && one.covers(hashKey));
    if (shard === undefined)
      throw new Error(`Stream "${this.name}" has no open shard for hash key ${hashKey}`);
    return shard;
  }

  setRetention(hours: number): void {
    this.#retentionHours = hours;
    this.#save();
  }

  setTags(tags: Readonly<Record<string, string>>): void {
    this.#tags = tags;
    this.#save();
  }

  /** Closes a shard and opens two in its place; the second begins at `start`. */
  split(shard: Shard, start: string, now: number): void {
    const { range } = shard.record;
    this.#replace(
      [shard],
      [
        { start: range.start, end: hexBefore(start) },
        { start, end: range.end },
      ],
      now,
    );
  }

  /** Closes two neighbors and opens one in their place. */
  merge(shard: Shard, adjacent: Shard, now: number): void {
    const [low, high] =
      shard.record.range.start < adjacent.record.range.start ? [shard, adjacent] : [adjacent, shard];
    this.#replace([shard, adjacent], [{ start: low.record.range.start, end: high.record.range.end }], now);
  }

  /** Deletes what is older than the retention, and closed shards that held nothing younger. */
  expire(now: number): void {
    const oldest = now - this.#retentionHours * hourMs;
    const isGone = (shard: Shard): boolean =>
      shard.record.closedAt !== undefined && shard.record.closedAt < oldest;
    const gone = this.#shards.filter(isGone);
    const aged = this.#shards.filter((shard) => shard.log.hasSegmentBefore(oldest));
    if (gone.length === 0 && aged.length === 0) return;
    // The description goes first: it keeps the counter when no record is left to tell it.
    this.#shards = this.#shards.filter((shard) => !isGone(shard));
    this.#save();
    for (const shard of aged) shard.log.deleteBefore(oldest);
    for (const shard of gone) shard.log.delete();
  }

  close(): void {
    for (const shard of this.#shards) shard.log.close();
  }

  #replace(parents: readonly Shard[], ranges: readonly HashKeyRange[], now: number): void {
    for (const parent of parents) parent.end(++this.#sequence, now);
    const [parent, adjacentParent] = parents.map((shard) => shard.id);
    for (const range of ranges) {
      const id = shardId(this.#nextShard++);
      const record: ShardRecord = {
        id,
        range,
        startingSequence: ++this.#sequence,
        ...(parent === undefined ? {} : { parent }),
        ...(adjacentParent === undefined ? {} : { adjacentParent }),
      };
      this.#shards.push(new Shard(record, path.join(this.directory, id)));
    }
    this.#save();
  }

  #save(): void {
    const meta: StreamMeta = {
      version: 1,
      name: this.name,
      createdAt: this.createdAt,
      mode: this.mode,
      retentionHours: this.#retentionHours,
      sequence: this.#sequence,
      nextShard: this.#nextShard,
      tags: this.#tags,
      shards: this.#shards.map((shard) => shard.record),
    };
    const file = path.join(this.directory, metaFile);
    writeFileSync(`${file}.tmp`, JSON.stringify(meta, undefined, 2));
    renameSync(`${file}.tmp`, file);
  }
}

function parseMeta(file: string, text: string): StreamMeta {
  let meta: unknown;
  try {
    meta = JSON.parse(text);
  } catch (cause) {
    throw new CorruptDataError(file, 'it is not JSON', { cause });
  }
  if (typeof meta !== 'object' || meta === null || !('version' in meta) || !('shards' in meta)) {
    throw new CorruptDataError(file, 'it does not describe a stream');
  }
  if (meta.version !== 1) throw new CorruptDataError(file, `it has version ${String(meta.version)}, not 1`);
  // Version 1 is written by `Stream.#save` only, wholly or not at all.
  return meta as StreamMeta;
}
