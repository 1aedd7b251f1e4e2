/** dynalite's storage engine, validators and actions, opened without its server and called with promises. */
import { createRequire } from 'node:module';
import { create } from 'dynalite/db/index.js';
import type { BatchOperation, Callback, Level, Store, Table } from 'dynalite/db/index.js';
import { checkTypes, checkValidations, toLowerFirst } from 'dynalite/validations/index.js';
import type { Custom, Types } from 'dynalite/validations/index.js';
import { CorruptDataError } from '../corrupt-data-error.ts';
import { AwsError } from '../service.ts';
import type { OperationInput } from '../service.ts';
import { verifyWriteAheadLogs } from './write-ahead-log.ts';

const engineOperations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DescribeTable',
  'GetItem',
  'ListTagsOfResource',
  'PutItem',
  'Query',
  'Scan',
  'TagResource',
  'UntagResource',
  'UpdateItem',
  'UpdateTable',
] as const;

export type EngineOperation = (typeof engineOperations)[number];
type Action = (store: Store, data: object, done: Callback<object>) => void;
interface Validation {
  readonly types: Types;
  readonly custom?: Custom;
}

// dynalite is CommonJS and has one file an operation, whose names follow from the operation's.
const require = createRequire(import.meta.url);
const load = (folder: string, operation: EngineOperation): unknown =>
  require(`dynalite/${folder}/${toLowerFirst(operation)}`);
const actions = new Map(engineOperations.map((name) => [name, load('actions', name) as Action]));
const validations = new Map(engineOperations.map((name) => [name, load('validations', name) as Validation]));

/** The open store and the calls into dynalite. */
export interface Engine {
  readonly store: Store;
  /** Checks an input as AWS does and returns what the action wants; unknown members are dropped. */
  validate(operation: EngineOperation, input: OperationInput): OperationInput;
  /** Runs an action on the given store, which may be an overlay. */
  run(operation: EngineOperation, data: OperationInput, store?: Store): Promise<Record<string, unknown>>;
  table(name: string): Promise<Table>;
  /** Writes one batch, atomically and synced to disk. */
  commit(operations: BatchOperation[]): Promise<void>;
}

/** Opens the LevelDB of a directory; fails with `CorruptDataError` when it cannot be read. */
export async function openEngine(directory: string, region: string): Promise<Engine> {
  verifyWriteAheadLogs(directory);
  const store = create({ path: directory, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  store.tableDb.awsRegion = region;
  store.tableDb.awsAccountId = '000000000000';
  try {
    await store.db.open();
    await readTables(store, directory);
  } catch (cause) {
    await store.db.close().catch(() => {});
    throw openError(directory, cause);
  }
  // dynalite shadows `batch` with a wrapper that drops its options, so `sync` is lost unless asked of the prototype.
  const level = Object.getPrototypeOf(store.db) as Level;
  return {
    store,
    validate: (operation, input) => validate(store, operation, input),
    run: (operation, data, on = store) => run(operation, data, on),
    table: (name) => promised((done) => store.getTable(name, done)),
    commit: (operations) => level.batch.call(store.db, operations, { sync: true }),
  };
}

/** The engine deletes a table record that it cannot decode; reading all of them first makes that a refusal to start. */
async function readTables(store: Store, directory: string): Promise<void> {
  for await (const [key, value] of store.db.iterator({ gte: 'table~', lt: 'table~~' })) {
    if (typeof value !== 'object' || value === null || !('TableStatus' in value)) {
      throw new CorruptDataError(directory, `the record of ${key} is damaged`);
    }
  }
}

function openError(directory: string, cause: unknown): unknown {
  if (cause instanceof CorruptDataError) return cause;
  const codes = causes(cause).map((error) => error.code);
  if (codes.includes('LEVEL_LOCKED')) {
    const message = `Cannot open "${directory}": another process has it open; stop it or choose another directory`;
    return new Error(message, { cause });
  }
  const reason = causes(cause).at(-1)?.message ?? String(cause);
  return new CorruptDataError(directory, `LevelDB reports: ${reason}`, { cause });
}

function causes(error: unknown): NodeJS.ErrnoException[] {
  const chain: NodeJS.ErrnoException[] = [];
  for (let current = error; current instanceof Error; current = current.cause) chain.push(current);
  return chain;
}

function validate(store: Store, operation: EngineOperation, input: OperationInput): OperationInput {
  const validation = validations.get(operation);
  if (validation === undefined) throw new Error(`No validation for "${operation}"`);
  try {
    // The validator deletes what it does not know from the object that it is given.
    const data = checkTypes({ ...input }, validation.types);
    checkValidations(data, validation.types, validation.custom, store);
    return data;
  } catch (error) {
    throw awsError(error);
  }
}

async function run(operation: EngineOperation, data: OperationInput, store: Store): Promise<OperationInput> {
  const result = await promised<object>((done) => actions.get(operation)?.(store, data, done));
  // Every action of dynalite answers with a plain object.
  return result as OperationInput;
}

/** Turns dynalite's callbacks into promises and its errors into ours. */
export function promised<T>(call: (done: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, value) => {
      if (error) reject(awsError(error));
      // A callback without an error carries its value.
      else resolve(value as T);
    });
  });
}

/** dynalite attaches the response to its errors; everything else is a fault and passes through. */
export function awsError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if (!('body' in error) || !('statusCode' in error)) return error;
  // Both members together are dynalite's mark; see its `validationError`.
  const body = error.body as Record<string, string | undefined>;
  const type = body['__type'] ?? '';
  const message = body['message'] ?? body['Message'] ?? '';
  return new AwsError(Number(error.statusCode), type.slice(type.indexOf('#') + 1), message);
}
