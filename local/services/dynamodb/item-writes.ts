/** PutItem, UpdateItem, DeleteItem and BatchWriteItem: dynalite's actions on an overlay, committed as one batch. */
import type { Item, Store } from 'dynalite/db/index.js';
import { createKey } from 'dynalite/db/index.js';
import { AwsError } from '../service.ts';
import type { Operation, OperationInput } from '../service.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Engine } from './engine.ts';
import { promised } from './engine.ts';
import { overlay } from './write-set.ts';

/** The operations that write one item under an optional condition. */
export type ItemWrite = 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** Makes the item-writing operations over one engine and its queue. */
export function itemWrites(engine: Engine, queue: CommitQueue): Record<string, Operation> {
  const single =
    (operation: ItemWrite): Operation =>
    (input) => {
      const data = engine.validate(operation, input);
      return queue.write(async (writes) => {
        const store = overlay(engine.store, writes);
        try {
          return await engine.run(operation, data, store);
        } catch (error) {
          throw await withRefusedItem(error, input, () => itemOf(engine, store, data));
        }
      });
    };
  return {
    PutItem: single('PutItem'),
    UpdateItem: single('UpdateItem'),
    DeleteItem: single('DeleteItem'),
    BatchWriteItem(input) {
      const data = engine.validate('BatchWriteItem', input);
      return queue.write((writes) => engine.run('BatchWriteItem', data, overlay(engine.store, writes)));
    },
  };
}

/** Whether an error says that a condition did not hold. */
export function isConditionFailure(
  error: unknown,
): error is AwsError & { readonly type: 'ConditionalCheckFailedException' } {
  return error instanceof AwsError && error.type === 'ConditionalCheckFailedException';
}

/** The item that a write is about, as the given store sees it. */
export async function itemOf(engine: Engine, store: Store, data: OperationInput): Promise<Item | undefined> {
  const table = await engine.table(String(data['TableName']));
  // The engine has validated `data`, so its Item or Key is a map of attribute values.
  const key = createKey((data['Item'] ?? data['Key']) as Item, table);
  return promised<Item>((done) => store.getItemDb(table.TableName).get(key, done));
}

/** ReturnValuesOnConditionCheckFailure, which the engine does not know: the item that stood in the way. */
async function withRefusedItem(
  error: unknown,
  input: OperationInput,
  read: () => Promise<Item | undefined>,
): Promise<unknown> {
  if (!isConditionFailure(error) || input['ReturnValuesOnConditionCheckFailure'] !== 'ALL_OLD') return error;
  const item = await read();
  return item === undefined ? error : new AwsError(error.status, error.type, error.message, { Item: item });
}
