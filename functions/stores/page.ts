/** Lists: newest first, in pages, with cursors that belong to one list. */
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { Problem } from '#contract/problems.ts';
import type { Database, Item } from './database.ts';
import { tableShape } from './table.ts';

/** One page of a list. */
export interface Page<T> {
  readonly items: T[];
  readonly next: string | null;
}

/** What a caller of a list chose. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A list as the table holds it. */
export interface ListOf<T> {
  readonly partition: string;
  /** Begin of the sort keys, where several kinds share the partition. */
  readonly prefix?: string;
  readonly index?: boolean;
  /** Sort keys to begin and to end with, both included; not together with a prefix. */
  readonly between?: readonly [from: string, to: string];
  /** In the order of the sort keys; newest first when absent. */
  readonly oldestFirst?: true;
  /** Filters of this list as text: a cursor of another filter is refused. */
  readonly filter?: string;
  readonly parse: (item: Item) => T;
  readonly matches?: (value: T) => boolean;
}

type StartKey = Record<string, string>;

// A filter that matches next to nothing must not read a partition of thousands in one request.
const MAX_READS = 10;

/** Reads one page. Throws `Problem('invalid-cursor')` for a cursor that this list did not give. */
export async function readPage<T>(
  database: Database,
  list: ListOf<T>,
  request: PageRequest,
): Promise<Page<T>> {
  const items: T[] = [];
  let start = request.cursor === undefined ? undefined : decodeCursor(list, request.cursor);
  for (let reads = 0; reads < MAX_READS; reads++) {
    const found = await query(database, list, request.limit, start);
    for (const [index, item] of found.items.entries()) {
      start = startKey(list, item);
      const value = list.parse(item);
      if (list.matches?.(value) === false) continue;
      items.push(value);
      const isLast = index === found.items.length - 1 && found.last === undefined;
      if (items.length === request.limit) return { items, next: isLast ? null : encodeCursor(list, start) };
    }
    if (found.last === undefined) return { items, next: null };
    start = found.last;
  }
  return { items, next: start === undefined ? null : encodeCursor(list, start) };
}

/** Reads a whole list, page by page; for sweeps over sparse indexes, not for callers. */
export async function readAll<T>(database: Database, list: ListOf<T>): Promise<T[]> {
  const items: T[] = [];
  let start: StartKey | undefined;
  do {
    const found = await query(database, list, 200, start);
    items.push(...found.items.map((item) => list.parse(item)));
    start = found.last;
  } while (start !== undefined);
  return items;
}

/** Reads the begin of a list, the oldest first, where nobody will ask for the rest by a cursor. */
export async function readRange<T>(database: Database, list: ListOf<T>, limit: number): Promise<T[]> {
  return (await readPage(database, { ...list, oldestFirst: true }, { limit })).items;
}

async function query<T>(
  database: Database,
  list: ListOf<T>,
  limit: number,
  start: StartKey | undefined,
): Promise<{ items: Item[]; last: StartKey | undefined }> {
  const { partitionKey, sortKey } = keyNames(list);
  const range = rangeOf(list);
  const answer = await database.client.send(
    new QueryCommand({
      TableName: database.table,
      ...(list.index === true ? { IndexName: tableShape.index } : { ConsistentRead: true }),
      KeyConditionExpression: `#pk = :pk${range.condition}`,
      ExpressionAttributeNames: {
        '#pk': partitionKey,
        ...(range.condition === '' ? {} : { '#sk': sortKey }),
      },
      ExpressionAttributeValues: { ':pk': list.partition, ...range.values },
      ScanIndexForward: list.oldestFirst === true,
      Limit: limit,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    }),
  );
  // All key attributes of the table are strings.
  return { items: answer.Items ?? [], last: answer.LastEvaluatedKey as StartKey | undefined };
}

/** The part of the partition that a list goes over. */
function rangeOf<T>({ prefix, between }: ListOf<T>): { condition: string; values: Record<string, string> } {
  if (prefix !== undefined) {
    return { condition: ' AND begins_with(#sk, :prefix)', values: { ':prefix': prefix } };
  }
  if (between === undefined) return { condition: '', values: {} };
  const [from, to] = between;
  return { condition: ' AND #sk BETWEEN :from AND :to', values: { ':from': from, ':to': to } };
}

function keyNames(list: { readonly index?: boolean }): { partitionKey: string; sortKey: string } {
  return list.index === true
    ? { partitionKey: tableShape.indexPartitionKey, sortKey: tableShape.indexSortKey }
    : { partitionKey: tableShape.partitionKey, sortKey: tableShape.sortKey };
}

function startKey(list: { readonly index?: boolean }, item: Item): StartKey {
  const names: string[] = [tableShape.partitionKey, tableShape.sortKey];
  if (list.index === true) names.push(tableShape.indexPartitionKey, tableShape.indexSortKey);
  return Object.fromEntries(names.map((name) => [name, String(item[name])]));
}

function listId<T>(list: ListOf<T>): string {
  return [list.partition, list.prefix ?? '', list.filter ?? ''].join('|');
}

function encodeCursor<T>(list: ListOf<T>, start: StartKey): string {
  return Buffer.from(JSON.stringify([listId(list), start])).toString('base64url');
}

function decodeCursor<T>(list: ListOf<T>, cursor: string): StartKey {
  const refusal = (cause?: unknown): Problem =>
    new Problem('invalid-cursor', 'Cannot go on with the list: the cursor was not given by this list', {
      cause,
    });
  let decoded: unknown;
  try {
    decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw refusal(cause);
  }
  if (!Array.isArray(decoded) || decoded[0] !== listId(list)) throw refusal();
  const expected = Object.keys(startKey(list, {}));
  const start: unknown = decoded[1];
  if (!isStartKey(start, expected)) throw refusal();
  const { partitionKey, sortKey } = keyNames(list);
  const isInside =
    start[partitionKey] === list.partition && (start[sortKey] ?? '').startsWith(list.prefix ?? '');
  if (!isInside) throw refusal();
  return start;
}

function isStartKey(value: unknown, names: readonly string[]): value is StartKey {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    entries.length === names.length &&
    entries.every(([name, text]) => names.includes(name) && typeof text === 'string')
  );
}
