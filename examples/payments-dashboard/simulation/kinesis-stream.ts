import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentStream } from './emitter.ts';

/** Kinesis allows five reads a second and shard. */
const READ_PAUSE_MS = 210;

/** The stream of payments in Kinesis. */
export function kinesisStream(streamName: string): PaymentStream {
  // A request that is sent again by the client would double its payments if the first one had arrived after all.
  // HTTP/1.1 on plain connections takes a third of the memory of the client's own HTTP/2.
  const requestHandler = new NodeHttpHandler();
  const writer = new KinesisClient({ maxAttempts: 1, requestHandler });
  const reader = new KinesisClient({ requestHandler });
  return {
    async append(records) {
      const { Records: results = [] } = await writer.send(
        new PutRecordsCommand({
          StreamName: streamName,
          Records: records.map(({ key, data }) => ({ PartitionKey: key, Data: data })),
        }),
      );
      return results.flatMap((result, position) => (result.ErrorCode === undefined ? [] : [position]));
    },
    async *keysSince(time) {
      const { Shards: shards = [] } = await reader.send(new ListShardsCommand({ StreamName: streamName }));
      for (const { ShardId: shard } of shards) yield* keysOfShard(reader, { streamName, shard, time });
    },
  };
}

async function* keysOfShard(
  client: KinesisClient,
  from: { streamName: string; shard: string | undefined; time: number },
): AsyncIterable<string> {
  const { ShardIterator } = await client.send(
    new GetShardIteratorCommand({
      StreamName: from.streamName,
      ShardId: from.shard,
      ShardIteratorType: 'AT_TIMESTAMP',
      Timestamp: new Date(from.time),
    }),
  );
  let iterator = ShardIterator;
  while (iterator !== undefined) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: 10_000 }));
    for (const record of page.Records ?? []) if (record.PartitionKey !== undefined) yield record.PartitionKey;
    if (page.MillisBehindLatest === 0) return;
    iterator = page.NextShardIterator;
    await sleep(READ_PAUSE_MS);
  }
}
