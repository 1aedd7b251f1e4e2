import type { FrameReader } from '../../data/frame-reader.ts';
import type { FrameWriter } from '../../data/frame-writer.ts';
import type { EntryFields } from '../../state/entry-view.ts';
import type { StateLayout } from '../../state/state-layout.ts';
import type { WindowEntry } from './window-entry.ts';

/**
 * How windows hold their records: `contents` of an entry is theirs alone.
 *
 * Contract: whoever calls has touched the entry.
 */
export interface WindowContents {
  /** What it looks like in snapshots: a change that cannot be read is refused by its text. */
  readonly form: string;
  /** Types of the values in it, for a later program to compare. */
  readonly layout: Pick<StateLayout, 'value' | 'timed'>;
  /** `second` is true for records of the second of two inputs. */
  add(window: WindowEntry, value: unknown, time: number, second: boolean): void;
  /** Takes over what `absorbed` holds; both hold something. */
  absorb(window: WindowEntry, absorbed: WindowEntry): void;
  /** Calls the function of the window. */
  fire(window: WindowEntry): void;
  /** What a window holds, for a query; without it the contents as they are. */
  view?(window: WindowEntry): EntryFields;
  write(out: FrameWriter, contents: unknown): void;
  /** Gives a reader of contents that were written in this layout. */
  reader(written: StateLayout): (from: FrameReader, window: WindowEntry) => unknown;
}
