/** How a changed spec reaches the running job, and what a new job must show before the change counts as done. */
import * as z from 'zod';
import { Duration, durationMs } from '../duration.ts';

const GATE_LIMIT_MS = 7_200_000;

/** Figures that a condition of the gate may name; each is one number of the whole job. */
export const gateMetrics = [
  'recordsInPerSecond',
  'recordsOutPerSecond',
  'recordsIn',
  'recordsOut',
  'lagMs',
  'restarts',
  'busy',
  'backpressured',
  'lateRecords',
  'undecodableRecords',
  'checkpointsCompleted',
  'checkpointsFailed',
  'lastCheckpointDurationMs',
  'lastCheckpointSizeBytes',
] as const;
export const GateMetric = z.enum(gateMetrics).meta({ id: 'GateMetric' });
export type GateMetric = z.infer<typeof GateMetric>;

/** A figure of the running job, compared at every look of the gate. */
export const GateCondition = z
  .strictObject({
    /**
     * As in the answer of the metrics route, of the whole job: `busy` and `backpressured` of its busiest operator, `lagMs`
     * from the watermark to the present.
     */
    metric: GateMetric,
    comparison: z.enum(['at-least', 'at-most']),
    value: z.number(),
  })
  .meta({ id: 'GateCondition' });
export type GateCondition = z.infer<typeof GateCondition>;

/** What a new job must show; a job that misses it is replaced by the one before. */
export const UpgradeGate = z
  .strictObject({
    /** From the moment when all operators run until all of the gate is passed; later, it is missed. At most 2 hours. */
    timeout: Duration.refine(
      (timeout) => durationMs(timeout) <= GATE_LIMIT_MS,
      'must be at most 2 hours',
    ).default('5 minutes'),
    /** A checkpoint of its own must be complete. */
    checkpoint: z.boolean().default(true),
    /** So long it must run without a restart. */
    healthyFor: Duration.default('5 seconds'),
    /** Restarts after which nobody waits for the timeout: one more, and the gate is missed. */
    maxRestarts: z.int().min(0).max(1000).default(3),
    /** All of them must hold at once, with all else that the gate asks for. */
    conditions: z.array(GateCondition).max(20).default([]),
  })
  .meta({ id: 'UpgradeGate' });
export type UpgradeGate = z.infer<typeof UpgradeGate>;

/** What happens to the running job when fields change with which it was started. */
export const UpgradeStrategy = z
  .strictObject({
    /**
     * `stateful`: savepoint, end, start from it. `stateless`: end, start empty. `none`: the job runs on as it is, and
     * the difference is shown as the condition `drift`.
     */
    kind: z.enum(['stateful', 'stateless', 'none']).default('stateful'),
    gate: UpgradeGate.prefault({}),
    /** After a missed gate: back to the old spec from the same savepoint, or stay as it is. */
    rollback: z.enum(['automatic', 'none']).default('automatic'),
  })
  .meta({ id: 'UpgradeStrategy' });
export type UpgradeStrategy = z.infer<typeof UpgradeStrategy>;
