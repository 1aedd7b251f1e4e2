/** Time to live: which attribute of a table holds an expiry, and the sweep that deletes what has expired. */
import type { Item, Table } from 'dynalite/db/index.js';
import { AwsError } from '../service.ts';
import type { Operation, OperationInput } from '../service.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Engine } from './engine.ts';
import { isConditionFailure } from './item-writes.ts';
import { itemPrefix, overlay } from './write-set.ts';

/** LevelDB keys of TTL settings start so. */
export const timeToLivePrefix = 'ttl~';

// AWS leaves items alone whose expiry lies more than five years back, to spare data with a wrong unit.
const oldestExpirySeconds = 5 * 365 * 24 * 3600;

interface TimeToLive {
  readonly AttributeName: string;
  readonly Enabled: boolean;
}

/** Makes the TTL operations over one engine and its queue. */
export function timeToLive(engine: Engine, queue: CommitQueue): Record<string, Operation> {
  return {
    async UpdateTimeToLive(input) {
      const { TableName: table, TimeToLiveSpecification: specification } = input;
      if (!isTimeToLive(specification)) {
        throw new AwsError(
          400,
          'ValidationException',
          'TimeToLiveSpecification must have AttributeName and Enabled',
        );
      }
      await engine.table(String(table));
      const setting = { AttributeName: specification.AttributeName, Enabled: specification.Enabled };
      await queue.write(async (writes) => writes.put(timeToLivePrefix + String(table), setting));
      return { TimeToLiveSpecification: setting };
    },
    async DescribeTimeToLive(input) {
      await engine.table(String(input['TableName']));
      const setting = await engine.store.db.get(timeToLivePrefix + String(input['TableName']));
      const enabled = isTimeToLive(setting) && setting.Enabled;
      return {
        TimeToLiveDescription: enabled
          ? { TimeToLiveStatus: 'ENABLED', AttributeName: setting.AttributeName }
          : { TimeToLiveStatus: 'DISABLED' },
      };
    },
  };
}

function isTimeToLive(value: unknown): value is TimeToLive {
  return (
    typeof value === 'object' &&
    value !== null &&
    'AttributeName' in value &&
    typeof value.AttributeName === 'string' &&
    'Enabled' in value &&
    typeof value.Enabled === 'boolean'
  );
}

/** Deletes the expired items of one table; answers how many. */
export async function sweepTable(
  engine: Engine,
  queue: CommitQueue,
  table: Table,
  nowMs: number,
): Promise<number> {
  const setting = await engine.store.db.get(timeToLivePrefix + table.TableName);
  if (!isTimeToLive(setting) || !setting.Enabled) return 0;
  const nowSeconds = Math.floor(nowMs / 1000);
  const prefix = itemPrefix(table.TableName);
  let deleted = 0;
  for await (const [, value] of engine.store.db.iterator({ gte: prefix, lt: `${prefix}\u{FF}` })) {
    // Only items lie under an item prefix.
    const item = value as Item;
    if (!isExpired(item, setting.AttributeName, nowSeconds)) continue;
    if (await deleteUnchanged({ engine, queue, table, item, attribute: setting.AttributeName })) deleted++;
  }
  return deleted;
}

function isExpired(item: Item, attribute: string, nowSeconds: number): boolean {
  const text = item[attribute]?.['N'];
  if (typeof text !== 'string') return false;
  const expiry = Number(text);
  return expiry <= nowSeconds && expiry > nowSeconds - oldestExpirySeconds;
}

interface Deletion {
  readonly engine: Engine;
  readonly queue: CommitQueue;
  readonly table: Table;
  readonly item: Item;
  readonly attribute: string;
}

/** Deletes an item unless its expiry was moved since it was read. */
async function deleteUnchanged({ engine, queue, table, item, attribute }: Deletion): Promise<boolean> {
  const input: OperationInput = {
    TableName: table.TableName,
    Key: Object.fromEntries(table.KeySchema.map((key) => [key.AttributeName, item[key.AttributeName]])),
    ConditionExpression: '#expiry = :expiry',
    ExpressionAttributeNames: { '#expiry': attribute },
    ExpressionAttributeValues: { ':expiry': item[attribute] },
  };
  const data = engine.validate('DeleteItem', input);
  try {
    await queue.write((writes) => engine.run('DeleteItem', data, overlay(engine.store, writes)));
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}
