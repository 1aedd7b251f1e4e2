/** What is used of the SDK, by name: a bundler drops the rest, of which every thread would keep a copy. */
export {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
