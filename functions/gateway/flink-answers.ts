/**
 * The answers of a job's REST API, as far as the control plane reads them.
 *
 * Both engines and every version of Flink answer more; what is not named here is skipped.
 */
import * as z from 'zod';

// "NaN" is how Flink writes a number that it does not have.
const FlinkNumber = z.union([z.number(), z.string()]).transform((value) => {
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
});

export const JobDetail = z.object({
  jid: z.string(),
  name: z.string(),
  state: z.string(),
  vertices: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      parallelism: z.int(),
      status: z.string(),
      metrics: z
        .object({
          'read-records': FlinkNumber.optional(),
          'write-records': FlinkNumber.optional(),
        })
        .optional(),
    }),
  ),
  plan: z
    .object({
      nodes: z.array(z.object({ id: z.string(), inputs: z.array(z.object({ id: z.string() })).optional() })),
    })
    .optional(),
});

export const TriggerAnswer = z.object({ 'request-id': z.string() });

export const SavepointAnswer = z.object({
  status: z.object({ id: z.enum(['IN_PROGRESS', 'COMPLETED']) }),
  operation: z
    .object({
      location: z.string().optional(),
      'failure-cause': z
        .object({ class: z.string().optional(), 'stack-trace': z.string().optional() })
        .optional(),
    })
    .nullish(),
});
export type SavepointAnswer = z.infer<typeof SavepointAnswer>;

export const Exceptions = z.object({
  exceptionHistory: z.object({
    entries: z.array(
      z.object({
        exceptionName: z.string().nullish(),
        stacktrace: z.string().nullish(),
        timestamp: z.number().nullish(),
        taskName: z.string().nullish(),
      }),
    ),
  }),
});

export const CheckpointEntry = z.object({
  id: z.int(),
  status: z.string(),
  is_savepoint: z.boolean(),
  trigger_timestamp: z.number(),
  end_to_end_duration: FlinkNumber,
  state_size: FlinkNumber.optional(),
  checkpointed_size: FlinkNumber.optional(),
  failure_message: z.string().nullish(),
});

export const Checkpoints = z.object({
  counts: z.object({ completed: z.number(), failed: z.number() }),
  latest: z.object({ completed: CheckpointEntry.nullish() }),
  history: z.array(CheckpointEntry),
});

export const AggregatedMetrics = z.array(
  z.object({
    id: z.string(),
    min: FlinkNumber.optional(),
    max: FlinkNumber.optional(),
    sum: FlinkNumber.optional(),
    avg: FlinkNumber.optional(),
  }),
);

export const PlainMetrics = z.array(z.object({ id: z.string(), value: FlinkNumber.optional() }));
