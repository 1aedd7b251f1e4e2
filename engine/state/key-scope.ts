import type { Key } from '../data/key-groups.ts';
import type { Clock } from '../host.ts';
import type { StateBackend } from './entry-index.ts';
import type { KeyRows } from './key-rows.ts';

/** Whose state is being read and written: the key of the record or timer at work, the same for all cells of an operator. */
export interface KeyScope {
  key: Key;
  readonly clock: Clock;
  /** The index that the tables of the operator share, where it has several. */
  readonly rows?: KeyRows;
  /** Keeps the entries, where memory alone would not do. */
  readonly backend?: StateBackend | undefined;
}
