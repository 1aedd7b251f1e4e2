/** The rates that AWS allows a shard, for tests of throttling; off unless asked for. */
import { AwsError } from '../service.ts';

// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const writeRecordsPerSecond = 1_000;
const writeBytesPerSecond = 1024 * 1024;
const readCallsPerSecond = 5;
const readBytesPerSecond = 2 * 1024 * 1024;

interface Spent {
  second: number;
  writtenRecords: number;
  writtenBytes: number;
  readCalls: number;
  readBytes: number;
}

/** Counts what each shard has taken and given in the running second. */
export class ShardLimits {
  readonly #spent = new Map<string, Spent>();

  /** Counts a record if the shard may still take it. */
  mayWrite(shard: string, bytes: number, now: number): boolean {
    const spent = this.#current(shard, now);
    if (spent.writtenRecords + 1 > writeRecordsPerSecond || spent.writtenBytes + bytes > writeBytesPerSecond)
      return false;
    spent.writtenRecords++;
    spent.writtenBytes += bytes;
    return true;
  }

  /** Counts a GetRecords call, or refuses it. */
  startRead(shard: string, now: number): void {
    const spent = this.#current(shard, now);
    if (spent.readCalls >= readCallsPerSecond || spent.readBytes >= readBytesPerSecond)
      throw throughputExceeded(shard);
    spent.readCalls++;
  }

  endRead(shard: string, bytes: number, now: number): void {
    this.#current(shard, now).readBytes += bytes;
  }

  #current(shard: string, now: number): Spent {
    const second = Math.floor(now / 1000);
    const spent = this.#spent.get(shard);
    if (spent?.second === second) return spent;
    const fresh = { second, writtenRecords: 0, writtenBytes: 0, readCalls: 0, readBytes: 0 };
    this.#spent.set(shard, fresh);
    return fresh;
  }
}

/** The refusal of a call that a shard has no throughput left for. */
export function throughputExceeded(shard: string): AwsError {
  return new AwsError(400, 'ProvisionedThroughputExceededException', `Rate exceeded for shard ${shard}.`);
}
