/** The local DynamoDB: dynalite's engine with transactions, TTL and crash-safe commits around it. */
import { mkdir } from 'node:fs/promises';
import { jsonService } from '../service.ts';
import type { JsonService, Operation, OperationInput } from '../service.ts';
import { CommitQueue } from './commit-queue.ts';
import { openEngine } from './engine.ts';
import type { Engine, EngineOperation } from './engine.ts';
import { itemWrites } from './item-writes.ts';
import { allTables, finishDeletions, tables } from './tables.ts';
import { sweepTable, timeToLive } from './time-to-live.ts';
import { isTokenExpired, tokenPrefix, transactions } from './transactions.ts';
import type { RememberedToken } from './transactions.ts';

const sweepIntervalMs = 60_000;
const readOperations: readonly EngineOperation[] = [
  'BatchGetItem',
  'DescribeTable',
  'GetItem',
  'ListTagsOfResource',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
];

/** Options of `openDynamoDb`. */
export interface DynamoDbOptions {
  readonly directory: string;
  /** Region in the ARNs; default eu-west-1. */
  readonly region?: string;
  /** Current time in milliseconds, for TTL and for tokens. */
  readonly clock?: () => number;
}

/** The DynamoDB service; its operations are reachable by HTTP and by `invoke`. */
export interface DynamoDb extends JsonService {
  /** Deletes expired items and forgets old tokens now; runs by itself once a minute. Answers how many items went. */
  sweep(): Promise<number>;
}

/** Opens the store in `directory`, which it creates when missing, and finishes what a crash interrupted. */
export async function openDynamoDb(options: DynamoDbOptions): Promise<DynamoDb> {
  const now = options.clock ?? Date.now;
  await mkdir(options.directory, { recursive: true });
  const engine = await openEngine(options.directory, options.region ?? 'eu-west-1');
  const queue = new CommitQueue((operations) => engine.commit(operations));
  await finishDeletions(engine);

  const sweep = (): Promise<number> => sweepAll(engine, queue, now());
  let sweeping: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = sweep().catch(() => {
      // The next sweep tries again; a read of the same data reports a damaged store to its caller.
    });
  }, sweepIntervalMs);
  timer.unref();

  const service = jsonService({
    targets: ['DynamoDB_20120810'],
    contentType: 'application/x-amz-json-1.0',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
    operations: withTableNames({
      ...reads(engine),
      ...itemWrites(engine, queue),
      ...transactions(engine, queue, now),
      ...tables(engine, queue),
      ...timeToLive(engine, queue),
    }),
    async close() {
      clearInterval(timer);
      await sweeping;
      await queue.close();
      await engine.store.db.close();
    },
  });
  return { ...service, sweep };
}

function reads(engine: Engine): Record<string, Operation> {
  return Object.fromEntries(
    readOperations.map((operation): [string, Operation] => [
      operation,
      (input) => engine.run(operation, engine.validate(operation, input)),
    ]),
  );
}

/** Since 2024 AWS takes a table's ARN wherever it takes its name; the engine knows names only. */
function withTableNames(operations: Record<string, Operation>): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, run]): [string, Operation] => [
      name,
      (input, context) => run(tableNamed(input), context),
    ]),
  );
}

function tableNamed(input: OperationInput): OperationInput {
  const table = input['TableName'];
  if (typeof table !== 'string' || !table.startsWith('arn:')) return input;
  return { ...input, TableName: table.slice(table.indexOf('table/') + 'table/'.length) };
}

async function sweepAll(engine: Engine, queue: CommitQueue, now: number): Promise<number> {
  let deleted = 0;
  for (const table of await allTables(engine)) deleted += await sweepTable(engine, queue, table, now);
  await forgetOldTokens(engine, queue, now);
  return deleted;
}

async function forgetOldTokens(engine: Engine, queue: CommitQueue, now: number): Promise<void> {
  const old: string[] = [];
  for await (const [key, value] of engine.store.db.iterator({
    gte: tokenPrefix,
    lt: `${tokenPrefix}\u{FF}`,
  })) {
    // Only tokens lie under this prefix.
    if (isTokenExpired(value as RememberedToken, now)) old.push(key);
  }
  if (old.length === 0) return;
  await queue.write(async (writes) => {
    for (const key of old) writes.delete(key);
  });
}
