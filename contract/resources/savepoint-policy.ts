import * as z from 'zod';
import { Duration } from '../duration.ts';

/** Savepoints that are taken by the clock, and how many of them are kept. */
export const SavepointRule = z
  .strictObject({
    /** Between two savepoints, counted from midnight UTC: `1 hour`, `1 day`. */
    every: Duration,
    /** The newest ones that are kept; older ones of this rule are deleted. */
    keep: z.int().min(1).max(1000),
  })
  .meta({ id: 'SavepointRule' });
export type SavepointRule = z.infer<typeof SavepointRule>;

/** What is taken and removed without being asked for. Held savepoints are never removed. */
export const SavepointPolicy = z
  .strictObject({
    schedule: z.array(SavepointRule).max(10).default([]),
    /** Savepoints of suspends, upgrades and retained checkpoints that are kept, the newest ones. */
    keepAutomatic: z.int().min(1).max(1000).default(20),
  })
  .meta({ id: 'SavepointPolicy' });
export type SavepointPolicy = z.infer<typeof SavepointPolicy>;
