/**
 * The parts of dynalite 4.0.0 that we import by path. They are no public API, so the version is pinned exactly,
 * and only `engine.ts` and `write-set.ts` may know them.
 */
declare module 'dynalite/db/index.js' {
  export type Callback<T> = (error?: Error | null, value?: T) => void;
  /** An attribute value on the wire, such as `{ "S": "a" }`. */
  export type AttributeValue = Record<string, unknown>;
  export type Item = Record<string, AttributeValue>;

  export interface KeySchemaElement {
    AttributeName: string;
    KeyType: 'HASH' | 'RANGE';
  }
  export interface Index {
    IndexName: string;
    IndexStatus?: string;
    KeySchema: KeySchemaElement[];
    Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
    [member: string]: unknown;
  }
  export interface Table {
    TableName: string;
    TableArn: string;
    TableStatus: string;
    KeySchema: KeySchemaElement[];
    AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
    GlobalSecondaryIndexes?: Index[];
    LocalSecondaryIndexes?: Index[];
    [member: string]: unknown;
  }

  export interface SubDatabase<V> {
    lock(key: string, run: (release: <F>(done: F) => F) => void): void;
    get(key: string, done: Callback<V>): void;
    put(key: string, value: V, done: Callback<void>): void;
    del(key: string, done: Callback<void>): void;
  }
  export interface Range {
    gte?: string;
    gt?: string;
    lt?: string;
    limit?: number;
  }
  export type BatchOperation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };
  export interface Level {
    open(): Promise<void>;
    close(): Promise<void>;
    get(key: string): Promise<unknown>;
    clear(range: Range): Promise<void>;
    iterator(range: Range): AsyncIterable<[string, unknown]>;
    batch(operations: BatchOperation[], options: { sync: boolean }): Promise<void>;
  }
  export interface Store {
    options: { maxItemSize: number };
    db: Level;
    tableDb: SubDatabase<Table> & { awsAccountId: string; awsRegion: string };
    getItemDb(table: string): SubDatabase<Item>;
    getIndexDb(kind: string, table: string, index: string): SubDatabase<Item>;
    getTable(name: string, done: Callback<Table>): void;
  }

  export function create(options: {
    path?: string;
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): Store;
  export function createKey(item: Item, table: Table): string;
  export function validateKey(key: Item, table: Table): Error | undefined;
  export function validateItem(item: Item, table: Table): Error | undefined;
  export function checkConditional(data: object, existing: Item | undefined): Error | null | undefined;
  export function getIndexActions(
    indexes: Index[],
    existing: Item | null,
    item: Item | null,
    table: Table,
  ): { puts: { index: string; key: string; item: Item }[]; deletes: { index: string; key: string }[] };
}

declare module 'dynalite/validations/index.js' {
  import type { Store } from 'dynalite/db/index.js';

  export type Types = Record<string, unknown>;
  export type Custom = (data: Record<string, unknown>, store: Store) => string | undefined;
  export function checkTypes(data: object, types: Types): Record<string, unknown>;
  export function checkValidations(
    data: object,
    types: Types,
    custom: Custom | undefined,
    store: Store,
  ): void;
  export function toLowerFirst(name: string): string;
}
