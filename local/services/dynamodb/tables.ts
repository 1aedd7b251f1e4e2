/** Operations on tables that the engine lacks or does in a way that a crash would leave half done. */
import type { BatchOperation, Index, Item, Table } from 'dynalite/db/index.js';
import { getIndexActions } from 'dynalite/db/index.js';
import { AwsError } from '../service.ts';
import type { Operation, OperationInput } from '../service.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Engine } from './engine.ts';
import { timeToLivePrefix } from './time-to-live.ts';
import { WriteSet, indexPrefix, itemPrefix, overlay } from './write-set.ts';

const tablePrefix = 'table~';
// Sorts after every key that begins with the same prefix: the engine's keys are ASCII.
const afterAll = '\u{FF}';
const tablesPerPageMax = 100;
const backfillBatchSize = 500;

/** Makes the table operations over one engine and its queue. */
export function tables(engine: Engine, queue: CommitQueue): Record<string, Operation> {
  return {
    CreateTable: (input) => createTable(engine, queue, input),
    UpdateTable: (input) => updateTable(engine, queue, input),
    DeleteTable: (input) => queue.exclusive(() => deleteTable(engine, String(input['TableName']))),
    ListTables: (input) => listTables(engine, input),
    async UpdateContinuousBackups(input) {
      await engine.table(String(input['TableName']));
      return continuousBackups;
    },
    async DescribeContinuousBackups(input) {
      await engine.table(String(input['TableName']));
      return continuousBackups;
    },
  };
}

// Accepted so that one template serves both clouds; a laptop keeps no backups.
const continuousBackups = {
  ContinuousBackupsDescription: {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
  },
};

async function createTable(engine: Engine, queue: CommitQueue, input: OperationInput): Promise<unknown> {
  const stream = input['StreamSpecification'];
  if (
    typeof stream === 'object' &&
    stream !== null &&
    'StreamEnabled' in stream &&
    stream.StreamEnabled === true
  ) {
    const message = `Cannot create table "${String(input['TableName'])}": the local DynamoDB has no streams; leave StreamSpecification out`;
    throw new AwsError(400, 'ValidationException', message);
  }
  // The engine keeps parts of the input, and a caller in the process may use it again.
  const data = engine.validate('CreateTable', structuredClone(input));
  return queue.write(async (writes) => {
    const result = await engine.run('CreateTable', data, overlay(engine.store, writes));
    // The record that the engine put is this very object. Committed as ACTIVE, no crash can leave it CREATING.
    const table = result['TableDescription'] as Table;
    table.TableStatus = 'ACTIVE';
    for (const index of table.GlobalSecondaryIndexes ?? []) index.IndexStatus = 'ACTIVE';
    const record = structuredClone(table);
    writes.put(tablePrefix + table.TableName, record);
    for (const [tag, value] of tagsIn(input['Tags'])) writes.put(tagPrefix(table.TableName) + tag, value);
    return { TableDescription: record };
  });
}

/** The engine takes tags by TagResource only and drops those of CreateTable. */
function tagsIn(value: unknown): [string, string][] {
  if (!Array.isArray(value)) return [];
  // Members of the wire form.
  return (value as { Key?: unknown; Value?: unknown }[]).map((tag) => [String(tag.Key), String(tag.Value)]);
}

function tagPrefix(table: string): string {
  return `tag-${table}~`;
}

/**
 * Deletes in three steps that a restart can finish: mark the table, clear its rows, drop its record. A record that
 * went first would let a table of the same name begin with the old rows.
 */
async function deleteTable(engine: Engine, name: string): Promise<unknown> {
  const table = await engine.table(name);
  const marked = { ...table, TableStatus: 'DELETING' };
  await engine.commit([{ type: 'put', key: tablePrefix + name, value: marked }]);
  await finishDeletion(engine, table);
  return { TableDescription: marked };
}

async function finishDeletion(engine: Engine, table: Table): Promise<void> {
  const name = table.TableName;
  const globals = (table.GlobalSecondaryIndexes ?? []).map((index) =>
    indexPrefix('global', name, index.IndexName),
  );
  const locals = (table.LocalSecondaryIndexes ?? []).map((index) =>
    indexPrefix('local', name, index.IndexName),
  );
  for (const prefix of [itemPrefix(name), tagPrefix(name), ...globals, ...locals]) {
    await engine.store.db.clear({ gte: prefix, lt: prefix + afterAll });
  }
  await engine.commit([
    { type: 'del', key: timeToLivePrefix + name },
    { type: 'del', key: tablePrefix + name },
  ]);
}

/** Finishes the deletions that a crash interrupted. */
export async function finishDeletions(engine: Engine): Promise<void> {
  for (const table of await allTables(engine)) {
    if (table.TableStatus === 'DELETING') await finishDeletion(engine, table);
  }
}

/** All table records in the order of their names. */
export async function allTables(engine: Engine): Promise<Table[]> {
  const found: Table[] = [];
  for await (const [, value] of engine.store.db.iterator({ gte: tablePrefix, lt: tablePrefix + afterAll })) {
    // Only table records lie under this prefix.
    found.push(value as Table);
  }
  return found;
}

/** The engine lists tables by walking all keys of the store, items included. */
async function listTables(engine: Engine, input: OperationInput): Promise<unknown> {
  const limit =
    typeof input['Limit'] === 'number' ? Math.min(input['Limit'], tablesPerPageMax) : tablesPerPageMax;
  const start = typeof input['ExclusiveStartTableName'] === 'string' ? input['ExclusiveStartTableName'] : '';
  const names = (await allTables(engine)).map((table) => table.TableName).filter((name) => name > start);
  const page = names.slice(0, limit);
  return page.length < names.length
    ? { TableNames: page, LastEvaluatedTableName: page.at(-1) }
    : { TableNames: page };
}

interface IndexUpdate {
  readonly Create?: Index;
  readonly Delete?: { readonly IndexName: string };
  readonly Update?: unknown;
}

/** Billing and throughput are the engine's; adding and removing global indexes, which it ignores, is done here. */
function updateTable(engine: Engine, queue: CommitQueue, input: OperationInput): Promise<unknown> {
  return queue.exclusive(async () => {
    const name = String(input['TableName']);
    const updates = Array.isArray(input['GlobalSecondaryIndexUpdates'])
      ? // Members are checked one by one below.
        (input['GlobalSecondaryIndexUpdates'] as IndexUpdate[])
      : [];
    const changes = updates.filter((update) => update.Create !== undefined || update.Delete !== undefined);
    if (changes.length === 0) return engineUpdate(engine, input);
    const table = await engine.table(name);
    mergeAttributeDefinitions(table, input['AttributeDefinitions']);
    for (const change of changes) {
      if (change.Create !== undefined) await addIndex(engine, table, structuredClone(change.Create));
      else if (change.Delete !== undefined) await removeIndex(engine, table, change.Delete.IndexName);
    }
    return { TableDescription: table };
  });
}

async function engineUpdate(engine: Engine, input: OperationInput): Promise<unknown> {
  // On an overlay that is thrown away: the engine puts ACTIVE by a timer, which a crash or a close could overtake.
  const discarded = overlay(engine.store, new WriteSet());
  const data = engine.validate('UpdateTable', structuredClone(input));
  const result = await engine.run('UpdateTable', data, discarded);
  const table = structuredClone(result['TableDescription'] as Table);
  table.TableStatus = 'ACTIVE';
  for (const index of table.GlobalSecondaryIndexes ?? []) index.IndexStatus = 'ACTIVE';
  Object.assign(Object(table['ProvisionedThroughput']), data['ProvisionedThroughput']);
  await engine.commit([{ type: 'put', key: tablePrefix + table.TableName, value: table }]);
  return { TableDescription: table };
}

function mergeAttributeDefinitions(table: Table, added: unknown): void {
  if (!Array.isArray(added)) return;
  const known = new Set(table.AttributeDefinitions.map((definition) => definition.AttributeName));
  // Members of the wire form; the index that needs one fails if it is malformed.
  for (const definition of added as Table['AttributeDefinitions']) {
    if (!known.has(definition.AttributeName)) table.AttributeDefinitions.push(definition);
  }
}

async function addIndex(engine: Engine, table: Table, index: Index): Promise<void> {
  const existing = table.GlobalSecondaryIndexes ?? [];
  if (existing.some((one) => one.IndexName === index.IndexName)) {
    throw new AwsError(
      400,
      'ValidationException',
      `Attempting to create an index which already exists: ${index.IndexName}`,
    );
  }
  for (const key of index.KeySchema) requireAttribute(table, key.AttributeName);
  const added: Index = {
    ...index,
    IndexArn: `${table.TableArn}/index/${index.IndexName}`,
    IndexStatus: 'ACTIVE',
    IndexSizeBytes: 0,
    ItemCount: 0,
    ProvisionedThroughput: index['ProvisionedThroughput'] ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
  };
  await backfill(engine, table, added);
  // The record comes last: a crash before it leaves rows that the next attempt overwrites.
  table.GlobalSecondaryIndexes = [...existing, added];
  await engine.commit([{ type: 'put', key: tablePrefix + table.TableName, value: structuredClone(table) }]);
}

function requireAttribute(table: Table, name: string): void {
  if (table.AttributeDefinitions.some((definition) => definition.AttributeName === name)) return;
  throw new AwsError(
    400,
    'ValidationException',
    `One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}]`,
  );
}

async function backfill(engine: Engine, table: Table, index: Index): Promise<void> {
  const prefix = indexPrefix('global', table.TableName, index.IndexName);
  await engine.store.db.clear({ gte: prefix, lt: prefix + afterAll });
  const items = itemPrefix(table.TableName);
  let batch: BatchOperation[] = [];
  for await (const [, value] of engine.store.db.iterator({ gte: items, lt: items + afterAll })) {
    // Only items lie under an item prefix.
    const { puts } = getIndexActions([index], null, value as Item, table);
    for (const put of puts) batch.push({ type: 'put', key: prefix + put.key, value: put.item });
    if (batch.length >= backfillBatchSize) {
      await engine.commit(batch);
      batch = [];
    }
  }
  if (batch.length > 0) await engine.commit(batch);
}

async function removeIndex(engine: Engine, table: Table, name: string): Promise<void> {
  const existing = table.GlobalSecondaryIndexes ?? [];
  const kept = existing.filter((index) => index.IndexName !== name);
  if (kept.length === existing.length) {
    throw new AwsError(400, 'ResourceNotFoundException', `Requested resource not found: Index: ${name}`);
  }
  if (kept.length > 0) table.GlobalSecondaryIndexes = kept;
  else delete table.GlobalSecondaryIndexes;
  await engine.commit([{ type: 'put', key: tablePrefix + table.TableName, value: structuredClone(table) }]);
  const prefix = indexPrefix('global', table.TableName, name);
  await engine.store.db.clear({ gte: prefix, lt: prefix + afterAll });
}
