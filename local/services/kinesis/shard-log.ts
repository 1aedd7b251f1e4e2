/** The records of one shard: segment files that are appended to, read by position and deleted as they age. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { RecordMark, StoredRecord } from './frame.ts';
import { Segment } from './segment.ts';
import type { ReadBudget } from './segment.ts';

// Small enough that the last segment, which a start reads wholly, takes some 20 ms, and that retention is not coarse.
const segmentBytesMax = 16 * 1024 * 1024;
const segmentAgeMaxMs = 3_600_000;

/** A place between two records: the segment that begins with sequence `base`, and a byte offset in it. */
export interface Position {
  readonly base: number;
  readonly offset: number;
}

/** What a read found and where the next one goes on. */
export interface LogRead {
  readonly records: StoredRecord[];
  readonly next: Position;
  /** Arrival of the first record that was not read; undefined at the end of the log. */
  readonly nextArrivedAt: number | undefined;
}

/** An append-only log in a directory of its own. */
export class ShardLog {
  readonly #directory: string;
  readonly #segments: Segment[] = [];
  #last: RecordMark | undefined;

  /** Opens the log, which is created when missing; repairs the torn tail of its last segment. */
  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true });
    const files = readdirSync(directory)
      .filter((name) => Segment.isSegmentFile(name))
      .sort();
    for (const [i, name] of files.entries()) {
      const file = path.join(directory, name);
      if (i < files.length - 1) {
        this.#segments.push(Segment.openSealed(file));
        continue;
      }
      const { segment, last } = Segment.openForAppend(file);
      this.#segments.push(segment);
      this.#last = last;
    }
  }

  /** Sequence of the newest record, or of the segment that was begun for it; 0 when there is none. */
  get lastSequence(): number {
    return this.#last?.sequence ?? this.#segments.at(-1)?.base ?? 0;
  }

  get lastArrivedAt(): number {
    return this.#last?.arrivedAt ?? 0;
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  append(records: readonly StoredRecord[]): void {
    const [first, last] = [records[0], records.at(-1)];
    if (first === undefined || last === undefined) return;
    this.#segmentFor(first).append(records);
    this.#last = { sequence: last.sequence, arrivedAt: last.arrivedAt };
  }

  /** Reads on from a position; one whose segment retention has deleted goes on with the oldest record. */
  read(from: Position, budget: ReadBudget): LogRead {
    const records: StoredRecord[] = [];
    let bytesLeft = budget.bytes;
    let next = from;
    for (let at = this.#segmentAt(next); at !== undefined; at = this.#segmentAfter(at.segment)) {
      const read = at.segment.read(at.offset, { records: budget.records - records.length, bytes: bytesLeft });
      for (const record of read.records) records.push(record);
      bytesLeft -= read.offset - at.offset;
      next = { base: at.segment.base, offset: read.offset };
      if (read.offset < at.segment.size) {
        return { records, next, nextArrivedAt: at.segment.arrivedAt(read.offset) };
      }
      if (records.length >= budget.records || bytesLeft <= 0) {
        return { records, next, nextArrivedAt: this.#segmentAfter(at.segment)?.segment.firstArrivedAt };
      }
    }
    return { records, next, nextArrivedAt: undefined };
  }

  start(): Position {
    return { base: this.#segments[0]?.base ?? 0, offset: 0 };
  }

  end(): Position {
    const last = this.#segments.at(-1);
    return last === undefined ? { base: 0, offset: 0 } : { base: last.base, offset: last.size };
  }

  /** Position of the first record whose sequence is at least `sequence`. */
  positionOfSequence(sequence: number): Position {
    const segment = this.#segments.findLast((one) => one.base <= sequence);
    return segment === undefined
      ? this.start()
      : { base: segment.base, offset: segment.offsetOfSequence(sequence) };
  }

  /** Position of the first record that arrived at `arrivedAt` or later; the end if there is none. */
  positionOfArrival(arrivedAt: number): Position {
    const segment = this.#segments.findLast((one) => one.firstArrivedAt < arrivedAt);
    return segment === undefined
      ? this.start()
      : { base: segment.base, offset: segment.offsetOfArrival(arrivedAt) };
  }

  /** Whether `deleteBefore` would delete something. */
  hasSegmentBefore(arrivedAt: number): boolean {
    return this.#expiredSegments(arrivedAt) > 0;
  }

  /** Deletes the segments all of whose records arrived before `arrivedAt`. */
  deleteBefore(arrivedAt: number): void {
    for (const segment of this.#segments.splice(0, this.#expiredSegments(arrivedAt))) {
      segment.seal();
      rmSync(segment.file, { force: true });
    }
  }

  close(): void {
    for (const segment of this.#segments) segment.seal();
  }

  /** Closes the log and removes its directory. */
  delete(): void {
    this.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #expiredSegments(arrivedAt: number): number {
    // The first arrival of the next segment is a bound for one whose own newest record is not known.
    const newest = (segment: Segment, i: number): number =>
      segment.lastArrivedAt ?? this.#segments[i + 1]?.firstArrivedAt ?? this.lastArrivedAt;
    const kept = this.#segments.findIndex((segment, i) => newest(segment, i) >= arrivedAt);
    return kept < 0 ? this.#segments.length : kept;
  }

  #segmentFor(record: StoredRecord): Segment {
    const current = this.#segments.at(-1);
    if (current !== undefined) {
      const isFull = current.size >= segmentBytesMax;
      const isOld = record.arrivedAt - current.firstArrivedAt >= segmentAgeMaxMs;
      if (current.size === 0 || !(isFull || isOld)) return current;
      current.seal();
    }
    const segment = Segment.create(this.#directory, record.sequence);
    this.#segments.push(segment);
    return segment;
  }

  #segmentAt(position: Position): { segment: Segment; offset: number } | undefined {
    const index = this.#segments.findLastIndex((segment) => segment.base <= position.base);
    const segment = this.#segments[index];
    if (segment?.base === position.base) return { segment, offset: position.offset };
    const following = this.#segments[index + 1];
    return following === undefined ? undefined : { segment: following, offset: 0 };
  }

  #segmentAfter(segment: Segment): { segment: Segment; offset: number } | undefined {
    const following = this.#segments[this.#segments.indexOf(segment) + 1];
    return following === undefined ? undefined : { segment: following, offset: 0 };
  }
}
