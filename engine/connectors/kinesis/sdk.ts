/** What is used of the SDK, by name: a bundler drops the rest, which is 6 MB of memory a thread. */
export {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
