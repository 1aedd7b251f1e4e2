/** What coordinator and slot say to each other about queries: plain data that crosses threads. */
import type { Key } from '../../data/key-groups.ts';
import type { QueryRefusal, ShownEntry, StateSummary } from './state-query.ts';

/** One page of one table, of the subtask that a slot has. */
export interface TableQuery {
  readonly operatorId: string;
  readonly state: string;
  readonly key?: string;
  readonly mapKey?: string;
  readonly limit: number;
  /** The number of a scan that the slot holds open; 0 begins one. */
  readonly scan: number;
}

/** A question to one slot; its answer carries the same id. */
export interface SlotQuery {
  readonly id: number;
  /** Absent: which tables there are. */
  readonly table?: TableQuery;
}

export type SlotAnswer =
  | { readonly kind: 'tables'; readonly tables: readonly StateSummary[] }
  | {
      readonly kind: 'page';
      readonly entries: readonly ShownEntry[];
      /** More of the same waits under this number; 0: this was all. */
      readonly scan: number;
      /** A key that the operator holds, by which others are told apart from text. */
      readonly sample?: Key;
    }
  | { readonly kind: 'refused'; readonly refusal: QueryRefusal; readonly reason: string };
