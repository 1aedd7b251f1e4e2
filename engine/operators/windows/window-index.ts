import type { Key } from '../../data/key-groups.ts';
import { ownKey } from '../../state/own-key.ts';
import type { WindowEntry, WindowSpan } from './window-entry.ts';

/** All windows of an operator, kept so that those of a record are found at once. */
export interface WindowIndex extends Iterable<WindowEntry> {
  readonly size: number;
  /** The windows of a key, in no order. */
  of(key: Key): Iterable<WindowEntry>;
  /** The window of a key with this very span. */
  find(key: Key, span: WindowSpan): WindowEntry | undefined;
  /** The key of the window is as it may be held for long. */
  add(window: WindowEntry): void;
  /** One that is not there is left alone. */
  remove(window: WindowEntry): void;
}

/** The key as an index may hold it for long. */
export function heldKey(key: Key): Key {
  return ownKey(key);
}
