import type { Key } from '../data/key-groups.ts';
import type { SnapshotTable } from '../state/state-table.ts';

/** An operator that is more than a function: it hears of time and may hold state. */
export interface StatefulOperator {
  /** Takes one record of the first input; `key` where that input is keyed. */
  process(value: unknown, time: number, key: Key | undefined): void;
  /** Takes one record of the second input; only operators with two inputs have it. */
  processSecond?(value: unknown, time: number, key: Key | undefined): void;
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

/**
 * An operator that decides when event time passes it, and may still owe records when its input has ended: calls to
 * the outside world, assigners of event time.
 *
 * Contract: it heads its chain, so that nobody before it in the chain disagrees about the time. It hands watermarks
 * and idleness on through `OperatorHost.time`; nothing is handed on for it.
 */
export interface PacingOperator extends StatefulOperator {
  /** Its input has become idle or active. */
  idle(idle: boolean): void;
  /** True while it can take no more; what it was given nevertheless it holds until there is room. */
  readonly blocked: boolean;
  /** Does what has become possible since, such as handing on answers; true when something was done. */
  work(): boolean;
  /** True when it owes nothing. After the end of the input it is asked until it is. */
  readonly drained: boolean;
  /** Gives up what it waits for. */
  close?(): void;
}

export function isPacing(operator: StatefulOperator | undefined): operator is PacingOperator {
  return operator !== undefined && 'drained' in operator;
}
