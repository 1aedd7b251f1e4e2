/** The records of a deployment that go with it: its jobs, revisions and operations, removed a page at a time. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { removed, transact } from './database.ts';
import type { Database } from './database.ts';
import { partitions, prefixes, tableShape } from './table.ts';

/** What a deployment leaves behind. */
export interface HistoryStore {
  /**
   * Removes a page of the records of a deployment; its events go by their age, its savepoints and their copies by themselves.
   *
   * Answers false when none was left. Repeating it does no harm.
   */
  removePage(deploymentId: string): Promise<boolean>;
}

interface Place {
  readonly pk: string;
  readonly sk: string;
}

// Half of what DynamoDB takes in one transaction.
const PAGE = 50;

/** Sort keys of the partition between which the kept kinds lie. `$` is the character behind `#`. */
const removedRanges: readonly (readonly [from: string, to: string])[] = [
  // Copies that others have made keep the chunks that they refer to, also when this deployment is gone.
  [' ', prefixes.savepointCopy],
  [prefixes.savepointCopy.replace('#', '$'), prefixes.event],
  [prefixes.event.replace('#', '$'), prefixes.savepoint],
  [prefixes.savepoint.replace('#', '$'), '~'],
];

export function historyStore(database: Database): HistoryStore {
  return {
    async removePage(deploymentId) {
      for (const range of removedRanges) {
        const found = await ownRecords(database, deploymentId, range);
        if (found.length > 0) return remove(database, found);
      }
      const operations = await operationsOf(database, deploymentId);
      return operations.length === 0 ? false : remove(database, operations);
    },
  };
}

async function ownRecords(
  { client, table }: Database,
  deploymentId: string,
  [from, to]: readonly [string, string],
): Promise<Place[]> {
  const { Items: items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#pk': tableShape.partitionKey, '#sk': tableShape.sortKey },
      ExpressionAttributeValues: { ':pk': partitions.deployment(deploymentId), ':from': from, ':to': to },
      ProjectionExpression: '#pk, #sk',
      ConsistentRead: true,
      Limit: PAGE,
    }),
  );
  return items as Place[]; // As projected.
}

async function operationsOf({ client, table }: Database, deploymentId: string): Promise<Place[]> {
  const { Items: items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: tableShape.index,
      KeyConditionExpression: '#list = :list',
      ExpressionAttributeNames: {
        '#list': tableShape.indexPartitionKey,
        '#pk': tableShape.partitionKey,
        '#sk': tableShape.sortKey,
      },
      ExpressionAttributeValues: { ':list': partitions.operations(deploymentId) },
      ProjectionExpression: '#pk, #sk',
      Limit: PAGE,
    }),
  );
  return items as Place[]; // As projected.
}

async function remove(database: Database, places: readonly Place[]): Promise<true> {
  await transact(
    database,
    places.map((place) => removed(database, 'deployment', place)),
  );
  return true;
}
