import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Cursor, CursorStore } from './emitter.ts';

/** Keeps the cursor as one item of a table. */
export function cursorTable(tableName: string, id: string): CursorStore {
  const client = new DynamoDBClient({});
  return {
    async load() {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { id: { S: id } }, ConsistentRead: true }),
      );
      const text = item?.['cursor']?.S;
      // Written by `save` alone.
      return text === undefined ? undefined : (JSON.parse(text) as Cursor);
    },
    async save(cursor) {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: { id: { S: id }, cursor: { S: JSON.stringify(cursor) } },
        }),
      );
    },
  };
}
