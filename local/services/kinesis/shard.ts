/** One shard of a stream: its range of hash keys, its place in the lineage, and its log. */
import type { HashKeyRange } from './partition.ts';
import { ShardLog } from './shard-log.ts';

/** What `meta.json` keeps of a shard. Sequences are counters of the stream. */
export interface ShardRecord {
  readonly id: string;
  readonly range: HashKeyRange;
  readonly startingSequence: number;
  readonly parent?: string;
  readonly adjacentParent?: string;
  /** Set when the shard is closed by a split or a merge. */
  readonly endingSequence?: number;
  readonly closedAt?: number;
}

/** A shard with its open log. */
export class Shard {
  readonly log: ShardLog;
  #record: ShardRecord;

  constructor(record: ShardRecord, directory: string) {
    this.#record = record;
    this.log = new ShardLog(directory);
  }

  get record(): ShardRecord {
    return this.#record;
  }

  get id(): string {
    return this.#record.id;
  }

  get isOpen(): boolean {
    return this.#record.endingSequence === undefined;
  }

  covers(hashKey: string): boolean {
    return hashKey >= this.#record.range.start && hashKey <= this.#record.range.end;
  }

  isChildOf(shardId: string): boolean {
    return this.#record.parent === shardId || this.#record.adjacentParent === shardId;
  }

  end(endingSequence: number, closedAt: number): void {
    this.#record = { ...this.#record, endingSequence, closedAt };
  }
}

/** AWS's name of the shard with the given number. */
export function shardId(number: number): string {
  return `shardId-${String(number).padStart(12, '0')}`;
}
