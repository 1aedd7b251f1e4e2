import type { Key } from '../data/key-groups.ts';

/** What an entry holds beside its key, as it is in memory: nobody may change or keep it. */
export interface EntryFields {
  /** Of maps. */
  readonly mapKey?: unknown;
  /** Of timers. */
  readonly name?: string;
  /** Of timers and of records that wait, ms since 1970. */
  readonly time?: number;
  /** Of windows, ms since 1970; of a global window infinite. */
  readonly start?: number;
  readonly end?: number;
  readonly value?: unknown;
  /** Where a key holds several in order: lists, and records by their time. */
  readonly values?: readonly unknown[];
  readonly times?: readonly number[];
}

/** An entry as a query sees it. */
export interface EntryView extends EntryFields {
  readonly key: Key;
}
