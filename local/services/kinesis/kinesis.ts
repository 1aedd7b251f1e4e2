/** The local Kinesis Data Streams: append-only logs in files, in the process, with the API of AWS. */
import { jsonService } from '../service.ts';
import type { JsonService } from '../service.ts';
import { ShardLimits } from './limits.ts';
import { recordOperations } from './record-operations.ts';
import { shardOperations } from './shard-operations.ts';
import { streamOperations } from './stream-operations.ts';
import { Streams } from './streams.ts';

const sweepIntervalMs = 60_000;

/** Options of `openKinesis`. */
export interface KinesisOptions {
  readonly directory: string;
  /** Region in the ARNs; default eu-west-1. */
  readonly region?: string;
  /** Current time in milliseconds. */
  readonly clock?: () => number;
  /** Enforces the rates that AWS allows a shard (1 MB/s and 1,000 records/s in, 5 calls/s and 2 MB/s out). */
  readonly limits?: boolean;
}

/** The Kinesis service; its operations are reachable by HTTP/1.1 and by `invoke`. */
export interface Kinesis extends JsonService {
  /** Deletes what is older than its stream's retention; runs by itself once a minute. */
  sweep(): void;
}

/**
 * Opens the streams in `directory`, which it creates when missing. The SDK's Kinesis client speaks HTTP/2 unless
 * it is given `requestHandler: new NodeHttpHandler()`.
 *
 * Records are not flushed to the disk one by one: they survive the end of the process, not that of the machine.
 */
export async function openKinesis(options: KinesisOptions): Promise<Kinesis> {
  const now = options.clock ?? Date.now;
  const streams = new Streams(options.directory, options.region ?? 'eu-west-1');
  const sweep = (): void => streams.expire(now());
  const timer = setInterval(() => sweepQuietly(sweep), sweepIntervalMs);
  timer.unref();
  const service = jsonService({
    targets: ['Kinesis_20131202'],
    contentType: 'application/x-amz-json-1.1',
    operations: {
      ...streamOperations(streams, now),
      ...shardOperations(streams, now),
      ...recordOperations({ streams, now, limits: options.limits === true ? new ShardLimits() : undefined }),
    },
    async close() {
      clearInterval(timer);
      streams.close();
    },
  });
  return { ...service, sweep };
}

/** A sweep that fails must not end the process; the next one finds the same files again. */
function sweepQuietly(sweep: () => void): void {
  try {
    sweep();
  } catch (error) {
    console.error(
      JSON.stringify({ level: 'warn', message: 'Expired Kinesis records stayed', error: String(error) }),
    );
  }
}
