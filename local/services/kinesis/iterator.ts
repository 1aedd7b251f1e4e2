/** Shard iterators: opaque to clients, a position and the time of issue to us. */
import { AwsError } from '../service.ts';
import type { Position } from './shard-log.ts';

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html
const lifeMs = 5 * 60 * 1000;

/** What an iterator says. */
export interface ShardIterator {
  readonly stream: string;
  /** Tells a stream from one of the same name that was created later. */
  readonly createdAt: number;
  readonly shard: string;
  readonly position: Position;
  readonly issuedAt: number;
}

export function encodeIterator(iterator: ShardIterator): string {
  const { stream, createdAt, shard, position, issuedAt } = iterator;
  const fields = [stream, createdAt, shard, position.base, position.offset, issuedAt];
  return Buffer.from(JSON.stringify(fields)).toString('base64');
}

/** Reads an iterator; refuses what is none and what is older than five minutes. */
export function decodeIterator(text: unknown, now: number): ShardIterator {
  const fields = typeof text === 'string' ? parse(text) : undefined;
  if (fields === undefined) throw new AwsError(400, 'InvalidArgumentException', 'Invalid ShardIterator.');
  const [stream, createdAt, shard, base, offset, issuedAt] = fields;
  const isWhole = [createdAt, base, offset, issuedAt].every(Number.isSafeInteger);
  if (typeof stream !== 'string' || typeof shard !== 'string' || !isWhole) {
    throw new AwsError(400, 'InvalidArgumentException', 'Invalid ShardIterator.');
  }
  const iterator = {
    stream,
    shard,
    createdAt: Number(createdAt),
    position: { base: Number(base), offset: Number(offset) },
    issuedAt: Number(issuedAt),
  };
  if (now - iterator.issuedAt > lifeMs) throw expiredIterator(iterator, now);
  return iterator;
}

/** The refusal of an iterator that is too old, or whose stream is another one by now. */
export function expiredIterator(iterator: ShardIterator, now: number): AwsError {
  const ageMs = now - iterator.issuedAt;
  const message = `Iterator expired. The iterator was created ${ageMs} ms ago while it is valid for ${lifeMs} ms.`;
  return new AwsError(400, 'ExpiredIteratorException', message);
}

function parse(text: string): unknown[] | undefined {
  try {
    const fields: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    return Array.isArray(fields) ? fields : undefined;
  } catch {
    // Garbage is answered like any other text that is no iterator.
    return undefined;
  }
}
