import type { Key } from '../data/key-groups.ts';
import type { Clock } from '../host.ts';

/** Whose state is being read and written: the key of the record or timer at work, the same for all cells of an operator. */
export interface KeyScope {
  key: Key;
  readonly clock: Clock;
}
