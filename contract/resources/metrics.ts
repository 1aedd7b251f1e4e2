/** What a live job tells about itself now. */
import * as z from 'zod';
import { Timestamp } from './metadata.ts';

export const OperatorMetrics = z
  .object({
    /** Operator ids of the chain, in order; the first is the vertex id of the Flink REST API. */
    vertexId: z.string(),
    name: z.string(),
    parallelism: z.int(),
    state: z.string(),
    recordsIn: z.number(),
    recordsOut: z.number(),
    recordsInPerSecond: z.number().nullable(),
    recordsOutPerSecond: z.number().nullable(),
    /** Shares of the last seconds, 0 to 1. */
    busy: z.number().nullable(),
    backpressured: z.number().nullable(),
    /** Event time in ms; null before the first. */
    watermark: z.number().nullable(),
    lateRecords: z.number().nullable(),
    undecodableRecords: z.number().nullable(),
  })
  .meta({ id: 'OperatorMetrics' });
export type OperatorMetrics = z.infer<typeof OperatorMetrics>;

export const CheckpointSummary = z
  .object({
    id: z.int(),
    state: z.enum(['in-progress', 'completed', 'failed']),
    isSavepoint: z.boolean(),
    triggeredAt: Timestamp,
    durationMs: z.number(),
    sizeBytes: z.number(),
    failure: z.string().nullable(),
  })
  .meta({ id: 'CheckpointSummary' });

export const DeploymentMetrics = z
  .object({
    at: Timestamp,
    /** Null while no job can be reached; then the rest is empty. */
    jobId: z.string().nullable(),
    jobState: z.string().nullable(),
    restarts: z.number().nullable(),
    recordsInPerSecond: z.number().nullable(),
    recordsOutPerSecond: z.number().nullable(),
    watermark: z.number().nullable(),
    lateRecords: z.number().nullable(),
    undecodableRecords: z.number().nullable(),
    operators: z.array(OperatorMetrics),
    checkpointsCompleted: z.number().nullable(),
    checkpointsFailed: z.number().nullable(),
    lastCheckpoint: CheckpointSummary.nullable(),
    checkpoints: z.array(CheckpointSummary),
    /** Why nothing could be read, for people. */
    unreachable: z.string().nullable(),
  })
  .meta({ id: 'DeploymentMetrics' });
export type DeploymentMetrics = z.infer<typeof DeploymentMetrics>;

/** A record that could not be decoded: counted, kept aside, never in the stream. */
export const UndecodableRecord = z
  .object({ split: z.string(), position: z.string(), reason: z.string(), preview: z.string(), at: Timestamp })
  .meta({ id: 'UndecodableRecord' });
export type UndecodableRecord = z.infer<typeof UndecodableRecord>;
