/** How a changed spec reaches the running job, and what a new job must show before the change counts as done. */
import * as z from 'zod';
import { Duration } from '../duration.ts';

/** A figure of the running job, compared at every look of the gate. */
export const GateCondition = z
  .strictObject({
    /** As in the answer of the metrics route: `recordsPerSecond`, `lagMs`, `restarts` and so on. */
    metric: z.string().min(1).max(100),
    comparison: z.enum(['at-least', 'at-most']),
    value: z.number(),
  })
  .meta({ id: 'GateCondition' });
export type GateCondition = z.infer<typeof GateCondition>;

/** What a new job must show; a job that misses it is replaced by the one before. */
export const UpgradeGate = z
  .strictObject({
    /** From the job's start until all of the gate is passed; later, it is missed. */
    timeout: Duration.default('5 minutes'),
    /** A checkpoint of its own must be complete. */
    checkpoint: z.boolean().default(true),
    /** So long it must run without a restart. */
    healthyFor: Duration.default('5 seconds'),
    /** All of them must hold, at the end of `healthyFor` at the latest. */
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
