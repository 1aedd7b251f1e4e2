/** What is used of the SDK, by name: a bundler drops the rest, of which every thread would keep a copy. */
export { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
