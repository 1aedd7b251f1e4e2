/** TransactWriteItems and TransactGetItems, which the engine lacks: many actions on one overlay, one commit. */
import { createHash } from 'node:crypto';
import type { Item, Store, Table } from 'dynalite/db/index.js';
import { checkConditional, createKey, validateItem, validateKey } from 'dynalite/db/index.js';
import { AwsError } from '../service.ts';
import type { Operation, OperationInput } from '../service.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { Engine } from './engine.ts';
import { awsError } from './engine.ts';
import { isConditionFailure, itemOf } from './item-writes.ts';
import type { ItemWrite } from './item-writes.ts';
import { overlay } from './write-set.ts';
import type { WriteSet } from './write-set.ts';

// Limits of https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html.
const transactionItemsMax = 100;
const tokenLifeMs = 10 * 60 * 1000;

/** LevelDB keys of remembered client request tokens start so. */
export const tokenPrefix = 'token~';

type WriteKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';
const operationOf: Readonly<Record<WriteKind, ItemWrite>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  // A condition check has the shape of a conditional delete; only its condition is evaluated.
  ConditionCheck: 'DeleteItem',
};

interface TransactWrite {
  readonly kind: WriteKind;
  readonly data: OperationInput;
  readonly returnOld: boolean;
}
interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Item;
}
/** A transaction that was carried out under a client request token. */
export interface RememberedToken {
  readonly hash: string;
  readonly at: number;
}

/** Makes the transactional operations over one engine and its queue. */
export function transactions(
  engine: Engine,
  queue: CommitQueue,
  now: () => number,
): Record<string, Operation> {
  return {
    async TransactWriteItems(input) {
      const items = listOf(input['TransactItems']).map((item) => parseWrite(engine, item));
      const token = typeof input['ClientRequestToken'] === 'string' ? input['ClientRequestToken'] : undefined;
      const hash = createHash('sha256').update(JSON.stringify(input['TransactItems'])).digest('hex');
      await queue.write(async (writes) => {
        if (token !== undefined && (await isRepeat({ engine, writes, token, hash, at: now() }))) return;
        await writeAll(engine, overlay(engine.store, writes), items);
        // In the same commit as the items: after a crash either both are known or neither.
        if (token !== undefined) writes.put(tokenPrefix + token, { hash, at: now() });
      });
      return {};
    },
    async TransactGetItems(input) {
      const gets = listOf(input['TransactItems']).map((item) => {
        const get = item['Get'];
        if (!isRecord(get)) throw validation('TransactItems must contain Get');
        return engine.validate('GetItem', get);
      });
      return queue.exclusive(async () => {
        const results = await Promise.all(gets.map((get) => engine.run('GetItem', get)));
        return { Responses: results.map((result) => (result['Item'] ? { Item: result['Item'] } : {})) };
      });
    },
  };
}

/** Whether a remembered token is too old to matter. */
export function isTokenExpired(token: RememberedToken, now: number): boolean {
  return now - token.at >= tokenLifeMs;
}

function parseWrite(engine: Engine, item: OperationInput): TransactWrite {
  const kinds = Object.keys(item).filter((key): key is WriteKind => key in operationOf);
  const [kind] = kinds;
  const request = kind === undefined ? undefined : item[kind];
  if (kind === undefined || kinds.length > 1 || !isRecord(request)) {
    throw validation(
      'TransactItems can only contain one of Check, Put, Update or Delete in each of its members',
    );
  }
  if (kind === 'ConditionCheck' && request['ConditionExpression'] === undefined) {
    throw validation('The ConditionCheck of a transaction must have a ConditionExpression');
  }
  return {
    kind,
    data: engine.validate(operationOf[kind], request),
    returnOld: request['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD',
  };
}

async function writeAll(engine: Engine, store: Store, items: readonly TransactWrite[]): Promise<void> {
  await refuseSameItemTwice(engine, items);
  const reasons: CancellationReason[] = [];
  for (const item of items) reasons.push(await writeOne(engine, store, item));
  if (reasons.every((reason) => reason.Code === 'None')) return;
  const codes = reasons.map((reason) => reason.Code).join(', ');
  throw new AwsError(
    400,
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

async function refuseSameItemTwice(engine: Engine, items: readonly TransactWrite[]): Promise<void> {
  const seen = new Set<string>();
  for (const { data } of items) {
    const table = await engine.table(String(data['TableName']));
    const key = `${table.TableName}~${keyOf(table, data)}`;
    if (seen.has(key)) {
      throw validation('Transaction request cannot include multiple operations on one item');
    }
    seen.add(key);
  }
}

/** The engine's key of what a write is about, once its key attributes are known to be there. */
function keyOf(table: Table, data: OperationInput): string {
  // Validated: Item and Key are maps of attribute values.
  const { Item: item, Key: key } = data as { readonly Item?: Item; readonly Key?: Item };
  const attributes = item ?? key ?? {};
  const invalid = item === undefined ? validateKey(attributes, table) : validateItem(attributes, table);
  if (invalid) throw awsError(invalid);
  return createKey(attributes, table);
}

async function writeOne(engine: Engine, store: Store, item: TransactWrite): Promise<CancellationReason> {
  try {
    if (item.kind === 'ConditionCheck') await checkCondition(engine, store, item.data);
    else await engine.run(operationOf[item.kind], item.data, store);
    return { Code: 'None' };
  } catch (error) {
    if (!(error instanceof AwsError) || error.status !== 400) throw error;
    if (!isConditionFailure(error)) return { Code: 'ValidationError', Message: error.message };
    const old = item.returnOld ? await itemOf(engine, store, item.data) : undefined;
    const reason = { Code: 'ConditionalCheckFailed', Message: error.message };
    return old === undefined ? reason : { ...reason, Item: old };
  }
}

async function checkCondition(engine: Engine, store: Store, data: OperationInput): Promise<void> {
  const failure = checkConditional(data, await itemOf(engine, store, data));
  if (failure) throw awsError(failure);
}

interface TokenCheck {
  readonly engine: Engine;
  readonly writes: WriteSet;
  readonly token: string;
  readonly hash: string;
  readonly at: number;
}

async function isRepeat({ engine, writes, token, hash, at }: TokenCheck): Promise<boolean> {
  const key = tokenPrefix + token;
  const found = writes.find(key) ?? { value: await engine.store.db.get(key) };
  // Only `TransactWriteItems` writes under this prefix.
  const remembered = found.value as RememberedToken | undefined;
  if (remembered === undefined || isTokenExpired(remembered, at)) return false;
  if (remembered.hash === hash) return true;
  throw new AwsError(
    400,
    'IdempotentParameterMismatchException',
    `Cannot repeat the transaction: client request token "${token}" was used with other items; use a new token`,
  );
}

function listOf(value: unknown): OperationInput[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > transactionItemsMax) {
    throw validation(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have between 1 and ${transactionItemsMax} members`,
    );
  }
  return value.filter(isRecord);
}

function isRecord(value: unknown): value is OperationInput {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function validation(message: string): AwsError {
  return new AwsError(400, 'ValidationException', message);
}
