/** What one may ask about the state of a running job, and what comes back: plain data. */
import type { DataType } from '../../data/schema.ts';

/** Reads entries of one state of one operator: those of a key, or all of them page by page. */
export interface StateQuery {
  /** Name or id of the operator. */
  readonly operator: string;
  readonly state: string;
  /** As people write it: text as it is, a number, or a JSON array for a composite key. Without it all keys are read. */
  readonly key?: string;
  /** Only the entry of this map key; needs `key`. */
  readonly mapKey?: string;
  /** Entries of a page, 1 to {@link PAGE_MAX}. */
  readonly limit: number;
  /** Where the last page ended. It is good for one page, and for as long as the attempt runs. */
  readonly cursor?: string;
}

/** The most entries of one page; a page is made between two batches, so that it must not take long. */
export const PAGE_MAX = 1000;

/** An entry as JSON. Times are ISO 8601 text, integers beyond 2^53 are text. */
export interface ShownEntry {
  /** Absent where the state belongs to no key. */
  readonly key?: unknown;
  readonly mapKey?: unknown;
  /** Of timers. */
  readonly name?: string;
  readonly time?: string;
  readonly window?: { readonly start?: string; readonly end?: string } | 'global';
  readonly value?: unknown;
  /** Of a state that holds several values per key, the first thousand; `count` says how many there are. */
  readonly values?: readonly unknown[];
  readonly times?: readonly string[];
  readonly count?: number;
}

/** One page of a state. */
export interface StateAnswer {
  /** `live`: entries as they were between two batches, which the next checkpoint may not have yet. */
  readonly consistency: 'live';
  readonly operator: string;
  readonly state: string;
  readonly kind: string;
  readonly entries: readonly ShownEntry[];
  /** There is more. A page may have no entries and yet a cursor. */
  readonly cursor?: string;
}

/** One state of one operator, as the running job has it. */
export interface StateSummary {
  readonly operatorId: string;
  readonly operator: string;
  readonly state: string;
  readonly kind: string;
  /** Entries now held, over all subtasks. */
  readonly entries: number;
  /** `string`, `number`, `boolean`, `bigint` or `array`, as the keys at hand are; absent while there are none. */
  readonly keyKind?: string;
  /** Absent where the values describe themselves. */
  readonly valueType?: DataType;
  readonly mapKeyType?: DataType;
}

/** Why a query has no answer; the API gives each its own status. */
export type QueryRefusal = 'unknown' | 'invalid' | 'expired' | 'not-running' | 'no-answer';

const NAME = 'StateQueryError';

/** A query that cannot be answered. */
export class StateQueryError extends Error {
  override readonly name = NAME;
  readonly refusal: QueryRefusal;

  constructor(refusal: QueryRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.refusal = refusal;
  }
}
