import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Database } from './database.ts';

/** A table, with a client of its own. */
export function openDatabase(table: string): Database {
  const marshallOptions = { removeUndefinedValues: true };
  return { table, client: DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions }) };
}
