/**
 * The one table in memory: exactly the commands and forms of conditions that functions/stores uses, and no others, so
 * that a new form is noticed. test/cloud/memory-table.test.ts holds it against the local DynamoDB.
 */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { tableShape } from '#functions/stores/table.ts';
import { holds } from './condition.ts';

export type Item = Readonly<Record<string, unknown>>;
type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** One item as it was and as it is; undefined where there is none. */
export interface Change {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** What is read of a partition: the newest, or of an index what it was before its last change. */
export type Freshness = 'newest' | 'stale';

type Partition = Map<string, Item>;

const { partitionKey, sortKey, index, indexPartitionKey, indexSortKey } = tableShape;

export class MemoryTable {
  readonly #partitions = new Map<string, Partition>();
  readonly #indexes = new Map<string, Partition>();
  /** What an index partition held before its last change. */
  readonly #staleIndexes = new Map<string, Partition>();
  /** Told of every transaction, after it was written. */
  watch: (changes: readonly Change[]) => void = () => {};

  /** A table with the same items, which never changes when this one does. */
  copy(): MemoryTable {
    const copy = new MemoryTable();
    for (const [from, to] of [
      [this.#partitions, copy.#partitions],
      [this.#indexes, copy.#indexes],
      [this.#staleIndexes, copy.#staleIndexes],
    ] as const)
      for (const [name, partition] of from) to.set(name, new Map(partition));
    return copy;
  }

  /** Every item of the table. */
  *all(): Generator<Item> {
    for (const partition of this.#partitions.values()) yield* partition.values();
  }

  /** The item of a key, for whoever judges. */
  find(pk: string, sk: string): Item | undefined {
    return this.#partitions.get(pk)?.get(sk);
  }

  /** Carries out one command of the document client. */
  send(command: unknown, freshness: Freshness = 'newest'): Record<string, unknown> {
    if (command instanceof GetCommand) return this.#get(command.input.Key ?? {});
    if (command instanceof TransactWriteCommand) return this.#transact(command.input.TransactItems ?? []);
    if (command instanceof BatchGetCommand) return this.#batchGet(command.input);
    if (command instanceof QueryCommand) return this.#query(command.input, freshness);
    throw new Error(`The table in memory does not know ${commandName(command)}; teach it`);
  }

  #get(key: Item): Record<string, unknown> {
    const found = this.#find(key);
    return found === undefined ? {} : { Item: found };
  }

  #batchGet({ RequestItems }: BatchGetCommand['input']): Record<string, unknown> {
    const answers = Object.entries(RequestItems ?? {}).map(([table, { Keys = [] }]) => [
      table,
      Keys.flatMap((key) => this.#find(key) ?? []),
    ]);
    return { Responses: Object.fromEntries(answers) };
  }

  #find(key: Item): Item | undefined {
    return this.#partitions.get(text(key[partitionKey]))?.get(text(key[sortKey]));
  }

  #transact(items: readonly TransactItem[]): Record<string, unknown> {
    const reasons = items.map((item) => {
      const { key, condition } = target(item);
      const isMet = condition === undefined || holds(condition, this.#find(key));
      return { Code: isMet ? 'None' : 'ConditionalCheckFailed' };
    });
    refuseTwice(items);
    if (reasons.some(({ Code }) => Code !== 'None')) {
      const message = `Transaction cancelled [${reasons.map(({ Code }) => Code).join(', ')}]`;
      throw new TransactionCanceledException({ message, $metadata: {}, CancellationReasons: reasons });
    }
    const changes = items.flatMap((item) => {
      const { key, after } = target(item);
      if (after === 'unchanged') return [];
      const before = this.#find(key);
      this.#write(key, before, after);
      return [{ before, after }];
    });
    this.watch(changes);
    return {};
  }

  #write(key: Item, before: Item | undefined, after: Item | undefined): void {
    const place = part(this.#partitions, text(key[partitionKey]));
    if (after === undefined) place.delete(text(key[sortKey]));
    else place.set(text(key[sortKey]), after);
    this.#writeIndex(key, before, undefined);
    this.#writeIndex(key, undefined, after);
  }

  #writeIndex(key: Item, before: Item | undefined, after: Item | undefined): void {
    const name = (before ?? after)?.[indexPartitionKey];
    if (name === undefined) return;
    const place = part(this.#indexes, text(name));
    this.#staleIndexes.set(text(name), new Map(place));
    const sort = `${text((before ?? after)?.[indexSortKey])}\0${text(key[partitionKey])}\0${text(key[sortKey])}`;
    if (after === undefined) place.delete(sort);
    else place.set(sort, after);
  }

  #query(input: QueryCommand['input'], freshness: Freshness): Record<string, unknown> {
    const isIndex = input.IndexName === index;
    const { ':pk': name = '', ...range } = texts(input.ExpressionAttributeValues);
    const isInside = ranges[input.KeyConditionExpression ?? ''];
    if (isInside === undefined || input.FilterExpression !== undefined)
      throw new Error(`The table in memory does not know the query "${input.KeyConditionExpression}"`);
    const indexes = freshness === 'stale' ? this.#staleIndexes : this.#indexes;
    const place = (isIndex ? indexes : this.#partitions).get(name) ?? new Map<string, Item>();
    const sorts = [...place.keys()].filter((sort) => isInside(sort.split('\0', 1)[0] ?? '', range)).sort();
    if (input.ScanIndexForward === false) sorts.reverse();
    const start = input.ExclusiveStartKey;
    const from = start === undefined ? 0 : sorts.findIndex((sort) => isBehind(sort, start, input, isIndex));
    const page = from < 0 ? [] : sorts.slice(from, from + (input.Limit ?? sorts.length));
    const items = page.map((sort) => place.get(sort) ?? {});
    const hasMore = from >= 0 && from + page.length < sorts.length;
    const last = hasMore || page.length === input.Limit ? items.at(-1) : undefined;
    return { Items: items, ...(last === undefined ? {} : { LastEvaluatedKey: keyOf(last, isIndex) }) };
  }
}

type Texts = Readonly<Record<string, string>>;

/** The parts of a partition that are asked for, by their key conditions. */
const ranges: Readonly<Record<string, (sort: string, range: Texts) => boolean>> = {
  '#pk = :pk': () => true,
  '#pk = :pk AND begins_with(#sk, :prefix)': (sort, range) => sort.startsWith(range[':prefix'] ?? ''),
  '#pk = :pk AND #sk BETWEEN :from AND :to': (sort, range) =>
    sort >= (range[':from'] ?? '') && sort <= (range[':to'] ?? ''),
};

/** All values of key conditions are texts. */
function texts(values: Item | undefined): Texts {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, text(value)]));
}

function isBehind(sort: string, start: Item, input: QueryCommand['input'], isIndex: boolean): boolean {
  const begin = isIndex
    ? `${text(start[indexSortKey])}\0${text(start[partitionKey])}\0${text(start[sortKey])}`
    : text(start[sortKey]);
  return input.ScanIndexForward === false ? sort < begin : sort > begin;
}

function keyOf(item: Item, isIndex: boolean): Item {
  const names: string[] = [partitionKey, sortKey];
  if (isIndex) names.push(indexPartitionKey, indexSortKey);
  return Object.fromEntries(names.map((name) => [name, item[name]]));
}

/** What a write does to which item, and under which condition. */
function target(item: TransactItem) {
  const write = item.Put ?? item.Delete ?? item.ConditionCheck;
  if (write === undefined || item.Update !== undefined)
    throw new Error(`The table in memory does not know the write ${Object.keys(item).join()}`);
  const key: Item = item.Put?.Item ?? item.Delete?.Key ?? item.ConditionCheck?.Key ?? {};
  const after = item.ConditionCheck === undefined ? (item.Put?.Item as Item | undefined) : 'unchanged';
  const condition =
    write.ConditionExpression === undefined
      ? undefined
      : {
          expression: write.ConditionExpression,
          names: write.ExpressionAttributeNames ?? {},
          values: write.ExpressionAttributeValues ?? {},
        };
  return { key, after, condition } as const;
}

/** DynamoDB refuses a transaction that names an item twice, whatever its conditions say. */
function refuseTwice(items: readonly TransactItem[]): void {
  const keys = items.map((item) => {
    const { key } = target(item);
    return `${text(key[partitionKey])}\0${text(key[sortKey])}`;
  });
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined || items.length > 100)
    throw new Error(
      `Transaction request cannot include multiple operations on one item: ${twice ?? items.length}`,
    );
}

function part(partitions: Map<string, Partition>, name: string): Partition {
  const found = partitions.get(name);
  if (found !== undefined) return found;
  const made: Partition = new Map();
  partitions.set(name, made);
  return made;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function commandName(command: unknown): string {
  return (command as object).constructor.name;
}
