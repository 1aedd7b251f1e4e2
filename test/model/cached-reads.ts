/**
 * Reads of single items. What a store makes of an item follows from the item alone, and most of the time of a schedule
 * went into making it anew (12.5 ms a schedule, 5 without): it is made once, by the store itself, and frozen.
 */
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { storesOver } from '#functions/stores/stores.ts';
import type { Stores } from '#functions/stores/stores.ts';
import { keys } from '#functions/stores/table.ts';
import type { ItemKey } from '#functions/stores/table.ts';
import type { Actor } from './actor.ts';
import type { Item } from './memory-table.ts';
import type { World } from './world.ts';

const made = new WeakMap<Item, unknown>();

/** The `get` of each store, as one gate each. */
export function cachedReads(world: World, actor: Actor) {
  const send = (command: unknown) => Promise.resolve(world.table.send(command));
  // Nothing else of the clients is used by reads of items.
  const client = { send } as unknown as DynamoDBDocumentClient;
  const bucket = { name: 'state', client: { send } as unknown as S3Client };
  let opened: Stores | undefined;
  const stores = (): Stores => (opened ??= storesOver({ table: 'table', client }, bucket));
  const read = async <T>({ pk, sk }: ItemKey, make: () => Promise<T | undefined>): Promise<T | undefined> => {
    const item = await actor.call<Item | undefined>({
      label: `gets ${sk.slice(0, 30)}`,
      kind: 'read',
      perform: () => world.table.find(pk, sk),
    });
    if (item === undefined) return undefined;
    if (!made.has(item)) made.set(item, frozen(await make()));
    return made.get(item) as T; // of this very item
  };
  return {
    deployment: (namespace: string, name: string) =>
      read(keys.deployment(namespace, name), () => stores().deployments.get(namespace, name)),
    job: (id: string, number: number) => read(keys.job(id, number), () => stores().jobs.get(id, number)),
    operation: (id: string) => read(keys.operation(id), () => stores().operations.get(id)),
    savepoint: (id: string, savepointId: string) =>
      read(keys.savepoint(id, savepointId), () => stores().savepoints.get(id, savepointId)),
    version: (namespace: string, application: string, version: number) =>
      read(keys.version(namespace, application, version), () =>
        stores().versions.get(namespace, application, version),
      ),
  };
}

/** Whoever changes what it was given is found out. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) frozen(part);
  return value;
}
