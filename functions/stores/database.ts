/** Reads and transactional writes of the one table, in the few forms that the stores need. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBDocumentClient, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { ItemKey } from './table.ts';

/** The table and the client that reaches it. */
export interface Database {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

/** Attributes as the document client gives them; every store parses its own by the schema of its resource. */
export type Item = Record<string, unknown>;

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One write of a transaction, made by a store; `resource` says in a conflict whose condition failed. */
export interface Write {
  readonly resource: Resource;
  readonly item: TransactItem;
  /** Of an event: whose it is, for those who want to be told. */
  readonly announces?: { readonly namespace: string; readonly deploymentId: string };
}

/** Kinds of items, as a conflict names them. */
export type Resource =
  | 'namespace'
  | 'application'
  | 'version'
  | 'version-tag'
  | 'bundle'
  | 'deployment'
  | 'job'
  | 'savepoint'
  | 'savepoint-copy'
  | 'due'
  | 'slots'
  | 'operation'
  | 'event'
  | 'webhook'
  | 'idempotency'
  | 'revision'
  | 'defaults'
  | 'target'
  | 'secret'
  | 'role'
  | 'role-binding'
  | 'token'
  | 'audit-record';

/** Somebody else wrote one of the items since it was read; nothing of the transaction was written. */
export class WriteConflict extends Error {
  override readonly name = 'WriteConflict';
  readonly resources: readonly Resource[];

  constructor(resources: readonly Resource[], cause: unknown) {
    super(`Cannot write: ${resources.join(', ')} changed since it was read; read again and repeat`, {
      cause,
    });
    this.resources = resources;
  }
}

const CONTENTION_TRIES = 6;
const CONTENTION_DELAY_MS = 40;

/** Reads one item, always the newest: decisions are made from it. */
export async function readItem(database: Database, key: ItemKey): Promise<Item | undefined> {
  const { Item: item } = await database.client.send(
    new GetCommand({
      TableName: database.table,
      Key: { pk: key.pk, sk: key.sk },
      ConsistentRead: true,
    }),
  );
  return item;
}

// BatchGetItem takes 100 keys.
const BATCH_LIMIT = 100;

/** Reads some items at once, always the newest, in the order of their keys; each key stands there once. */
export async function readItems(
  database: Database,
  itemKeys: readonly ItemKey[],
): Promise<(Item | undefined)[]> {
  const found = new Map<string, Item>();
  let open: Record<string, unknown>[] = itemKeys.map(({ pk, sk }) => ({ pk, sk }));
  while (open.length > 0) {
    const { Responses: answers, UnprocessedKeys: left } = await database.client.send(
      new BatchGetCommand({
        RequestItems: { [database.table]: { Keys: open.slice(0, BATCH_LIMIT), ConsistentRead: true } },
      }),
    );
    for (const item of answers?.[database.table] ?? []) found.set(`${item['pk']} ${item['sk']}`, item);
    open = [...(left?.[database.table]?.Keys ?? []), ...open.slice(BATCH_LIMIT)];
  }
  return itemKeys.map(({ pk, sk }) => found.get(`${pk} ${sk}`));
}

/** A put of an item that must not be there yet. */
export function created(database: Database, resource: Resource, item: Item): Write {
  return {
    resource,
    item: {
      Put: { TableName: database.table, Item: item, ConditionExpression: 'attribute_not_exists(pk)' },
    },
  };
}

/** A put over the item that was read at `revision`. */
export function replaced(database: Database, resource: Resource, item: Item, revision: number): Write {
  return {
    resource,
    item: {
      Put: {
        TableName: database.table,
        Item: item,
        ConditionExpression: '#revision = :revision',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':revision': revision },
      },
    },
  };
}

/** A put without a condition, for items that only the holder of the operation writes. */
export function written(database: Database, resource: Resource, item: Item): Write {
  return { resource, item: { Put: { TableName: database.table, Item: item } } };
}

/** A removal; nothing there is fine. */
export function removed(database: Database, resource: Resource, key: ItemKey): Write {
  return { resource, item: { Delete: { TableName: database.table, Key: { pk: key.pk, sk: key.sk } } } };
}

/** A removal of the item that was read at `revision`. */
export function removedAt(database: Database, resource: Resource, key: ItemKey, revision: number): Write {
  return {
    resource,
    item: {
      Delete: {
        TableName: database.table,
        Key: { pk: key.pk, sk: key.sk },
        ConditionExpression: '#revision = :revision',
        ExpressionAttributeNames: { '#revision': 'revision' },
        ExpressionAttributeValues: { ':revision': revision },
      },
    },
  };
}

/**
 * Writes all or nothing.
 *
 * Throws `WriteConflict` where a condition does not hold. Two transactions that merely touch the same item at once
 * are told apart from that and tried again: DynamoDB cancels both, although either alone would pass.
 */
export async function transact(database: Database, writes: readonly Write[]): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await database.client.send(
        new TransactWriteCommand({ TransactItems: writes.map((write) => write.item) }),
      );
      return;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const refused = writes.filter((_, index) => reasonOf(error, index) === 'ConditionalCheckFailed');
      if (refused.length > 0)
        throw new WriteConflict(
          refused.map((write) => write.resource),
          error,
        );
      const isContention = writes.some((_, index) => reasonOf(error, index) === 'TransactionConflict');
      if (!isContention || attempt === CONTENTION_TRIES) throw error;
      await pause(CONTENTION_DELAY_MS * attempt * (0.5 + Math.random()));
    }
  }
}

function reasonOf(error: TransactionCanceledException, index: number): string | undefined {
  return error.CancellationReasons?.[index]?.Code;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
