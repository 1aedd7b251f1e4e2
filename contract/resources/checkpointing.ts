import * as z from 'zod';
import { Duration } from '../duration.ts';

/** How checkpoints are taken and kept, besides their interval; the defaults are Flink's where it has the field. */
export const Checkpointing = z
  .strictObject({
    /** Between the end of a checkpoint and the next periodic one; null: the interval alone decides. */
    minPause: Duration.nullable().default(null),
    /** A checkpoint that takes longer has failed. */
    timeout: Duration.default('10 minutes'),
    /** Failures in a row after which the job restarts are one more. */
    tolerableFailures: z.int().min(0).max(1000).default(3),
    /** Completed checkpoints that are kept, the newest among them. */
    retained: z.int().min(1).max(100).default(3),
    /** After so long a barrier overtakes the records before it; null: it waits for them as long as it takes. */
    alignedTimeout: Duration.nullable().default(null),
  })
  .meta({ id: 'Checkpointing' });
export type Checkpointing = z.infer<typeof Checkpointing>;

/** Where operators keep their state: in memory, or on the disk of the task where it is larger than memory. */
export const StateBackend = z.enum(['heap', 'disk']).meta({ id: 'StateBackend' });
export type StateBackend = z.infer<typeof StateBackend>;

/** What may differ between the state and the program that starts from it. */
export const RestoreTolerance = z
  .strictObject({
    /** State of operators that the program does not have is left behind instead of refusing the start. */
    allowNonRestoredState: z.boolean().default(false),
    /** Operators that are called otherwise now: old name → new name. */
    renames: z.record(z.string().min(1).max(200), z.string().min(1).max(200)).default({}),
  })
  .meta({ id: 'RestoreTolerance' });
export type RestoreTolerance = z.infer<typeof RestoreTolerance>;
