/** What is used of the SDK, by name: a bundler drops the rest, which is 6 MB of memory a thread. */
export { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
