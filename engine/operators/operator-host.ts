import type { Clock } from '../host.ts';
import type { TimeOutput } from './chain.ts';
import type { StateBackend } from '../state/entry-index.ts';
import type { Emit } from './chain-links.ts';

/** What an operator gets from its subtask. */
export interface OperatorHost {
  readonly clock: Clock;
  /** Index of the subtask, and how many there are of this operator. */
  readonly subtask: number;
  readonly parallelism: number;
  random(): number;
  /** The way from an output; counts what leaves. */
  emitter(output: string): Emit;
  /** Where a pacing operator hands event time on; others never touch it. */
  readonly time: TimeOutput;
  /** Asks for a call of `work` soon. */
  wake(): void;
  /** Keeps the entries of keyed state, where the heap would not do. */
  readonly backend?: StateBackend | undefined;
}
