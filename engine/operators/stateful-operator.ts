import type { Key } from '../data/key-groups.ts';
import type { SnapshotTable } from '../state/state-table.ts';

/** An operator that is more than a function: it hears of time and may hold state. */
export interface StatefulOperator {
  /** Takes one record; `key` where its input is keyed. */
  process(value: unknown, time: number, key: Key | undefined): void;
  /** Event time has advanced to `watermark`: fires what is due. */
  advance(watermark: number): void;
  /** Processing time has come to `now`: fires what is due. */
  tick(now: number): void;
  readonly tables: readonly SnapshotTable[];
  /** Called once after restored entries are in the tables, before the first record. */
  restored(): void;
  /** The key at work, for error messages. */
  readonly currentKey: Key | undefined;
}
