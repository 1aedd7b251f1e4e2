import type { JobGraph } from '../graph/job-graph.ts';
import type { Heart } from './heart.ts';
import type { SlotReport } from './slot-protocol.ts';
import type { SlotHost } from './subtask.ts';
import type { Wiring } from './wiring.ts';

/** What a slot is made of. */
export interface SlotContext {
  readonly index: number;
  readonly graph: JobGraph;
  /** The epoch comes when the slot is opened. */
  readonly host: Omit<SlotHost, 'epoch'>;
  readonly wiring: Wiring;
  readonly report: (report: SlotReport) => void;
  /** Only between threads. */
  readonly doorbell?: Doorbell;
  readonly heart?: Heart;
}

/** How another thread wakes this one. */
export interface Doorbell {
  /** Begins to count: what rings from here on is not missed. */
  observe(): void;
  /** Calls `wake` as soon as it rang after the last `observe`. */
  listen(wake: () => void): void;
}
