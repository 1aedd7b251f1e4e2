import * as z from 'zod';
import { StateDescription } from './application-version.ts';
import { Timestamp } from './metadata.ts';

/** Entries count each time that they were written since the last whole snapshot; stored bytes are compressed. */
const amounts = { entries: z.int(), rawBytes: z.int(), storedBytes: z.int() };

const StateContents = z.object({
  name: z.string(),
  /** As the program declared it; absent for what an operator keeps by itself, such as timers. */
  declared: StateDescription.optional(),
  distribution: z.string(),
  keyGroups: z.array(z.object({ start: z.int(), end: z.int() })),
  ...amounts,
});

const OperatorContents = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  parallelism: z.int(),
  states: z.array(StateContents),
  /** Where a source stood in what it reads. */
  splits: z.array(z.object({ id: z.string(), position: z.string(), finished: z.boolean() })),
  ...amounts,
});

/** What a savepoint holds, by operator and state, and what it can be restored into. */
export const SavepointContents = z
  .object({
    application: z.string(),
    graphHash: z.string(),
    jobId: z.string(),
    checkpointId: z.int(),
    completedAt: Timestamp,
    formatVersion: z.int(),
    engineVersion: z.string().optional(),
    stateBackend: z.string().optional(),
    /** True where its chunks lie beside its manifest and nowhere else. */
    selfContained: z.boolean(),
    parallelism: z.int(),
    operators: z.array(OperatorContents),
    restoresInto: z.object({
      /** Any parallelism up to it, and no other max parallelism. */
      maxParallelism: z.int(),
      /** Operators that a program must have, unless it renames them or may leave state behind. */
      operators: z.array(z.string()),
    }),
    ...amounts,
  })
  .meta({ id: 'SavepointContents' });
export type SavepointContents = z.infer<typeof SavepointContents>;
