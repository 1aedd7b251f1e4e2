import type { TriggerStatus } from '../job-status.ts';
import type { AfterBarrier } from '../slot-protocol.ts';

/** A checkpoint or savepoint that somebody wants. */
export interface CheckpointRequest {
  /** Directory of a savepoint; without it a checkpoint of the job. */
  readonly directory?: string;
  readonly after: AfterBarrier;
  /**
   * Somebody reads one checkpoint after another: this one, and those that come within a minute, say only what has
   * changed, since a whole one would have to be read from the start.
   */
  readonly brief?: boolean;
  /** Called once, with `completed` or `failed`. */
  readonly done: (status: TriggerStatus) => void;
}
