/** Amazon DynamoDB: a sink that upserts one item per key. */
import type { Sink } from '../connector.ts';
import { newPlace } from '../new-place.ts';
import { ItemWriter } from './item-writer.ts';

/** Every item carries them beside its own attributes. */
const fence = { owner: '_owner', epoch: '_epoch' };

/** Options of {@link dynamoDb}. */
export interface DynamoDbOptions<T> {
  readonly table: string;
  /** Attributes of the primary key; they must follow from the record alone. */
  readonly key: (value: T) => Readonly<Record<string, string | number>>;
  /** The other attributes; the record itself when left out. */
  readonly item?: (value: T) => object;
  /** Writes under way at a time and subtask; 16 when left out. */
  readonly concurrency?: number;
}

/**
 * Keeps the latest record per key as an item.
 *
 * After a failure the records since the last checkpoint are written again, under the same keys, so the table ends
 * as if nothing had happened: effectively once, if equal records give equal items. An older job of the
 * deployment cannot overwrite what a newer one wrote. Records of one key that meet in the buffer are written once.
 *
 * Example: `dynamoDb({ table: 'totals', key: (r) => ({ country: r.key, minute: r.start }) })`.
 */
export function dynamoDb<T extends object>(options: DynamoDbOptions<T>): Sink<T> {
  const { table, key, item = (value: T) => value, concurrency = 16 } = options;
  return {
    connector: 'dynamodb',
    guarantee: 'effectively-once',
    options: { table },
    writer: (host) => new ItemWriter({ table, key, item, fence, concurrency }, host),
    redirected: (to) => dynamoDb({ ...options, table: newPlace('dynamodb', 'table', to) }),
  };
}
