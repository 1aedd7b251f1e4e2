import type { GetShardIteratorCommandInput } from '@aws-sdk/client-kinesis';

/** Where reading of a stream begins when no checkpoint says better. */
export type StreamStart = 'trim-horizon' | 'latest' | { readonly at: number };

type IteratorKind = Pick<
  GetShardIteratorCommandInput,
  'ShardIteratorType' | 'StartingSequenceNumber' | 'Timestamp'
>;

const TRIM_HORIZON = 'trim-horizon';
const AT = 'at:';

/**
 * The position of a shard that has not been read yet.
 *
 * "Latest" becomes the moment of the start: another look at the end of the shard, after a restart or an expired
 * iterator, would skip what was written in between.
 */
export function startPosition(start: StreamStart, startedAtMs: number): string {
  if (start === 'trim-horizon') {
    return TRIM_HORIZON;
  }
  return `${AT}${start === 'latest' ? startedAtMs : start.at}`;
}

/** The iterator to ask for: behind the last record read, or at the start. */
export function iteratorKind(position: string): IteratorKind {
  if (position === TRIM_HORIZON) {
    return { ShardIteratorType: 'TRIM_HORIZON' };
  }
  if (position.startsWith(AT)) {
    return { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Number(position.slice(AT.length))) };
  }
  return { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: position };
}
