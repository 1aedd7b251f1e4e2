import * as z from 'zod';
import { Duration } from '../duration.ts';

/** When a failed job is started again inside its worker; as Flink's restart strategies, with its defaults. */
export const RestartStrategy = z
  .discriminatedUnion('strategy', [
    /** The first failure fails the job. */
    z.strictObject({ strategy: z.literal('none') }),
    z.strictObject({
      strategy: z.literal('fixed-delay'),
      /** Restarts before the job is failed. */
      attempts: z.int().min(1).max(1000).default(1),
      delay: Duration.default('1 second'),
    }),
    /** Longer with every failure; `limits.maxRestarts` says how often at most. */
    z.strictObject({
      strategy: z.literal('exponential-delay'),
      initialDelay: Duration.default('1 second'),
      maxDelay: Duration.default('1 minute'),
      backoffMultiplier: z.number().gt(1).max(10).default(1.5),
      /** Share of a delay that is added or taken at random. */
      jitter: z.number().min(0).max(1).default(0.1),
      /** After so long without a failure the next one counts as the first. */
      resetAfter: Duration.default('1 hour'),
    }),
    z.strictObject({
      strategy: z.literal('failure-rate'),
      /** The job is failed by so many failures in one interval. */
      maxFailures: z.int().min(1).max(1000).default(1),
      interval: Duration.default('1 minute'),
      delay: Duration.default('1 second'),
    }),
  ])
  .meta({ id: 'RestartStrategy' });
export type RestartStrategy = z.infer<typeof RestartStrategy>;

/** What a worker does about faults, before the control plane makes a new attempt. */
export const Recovery = z
  .strictObject({
    restart: RestartStrategy.prefault({ strategy: 'exponential-delay' }),
    /** A record over which a function fails the same way again and again. */
    poisonRecords: z
      .strictObject({
        /** `dead-letter` sets the record aside, where it can be listed and replayed, and goes on without it. */
        policy: z.enum(['fail', 'dead-letter']).default('fail'),
        /** Identical faults over the record after which the policy is applied. */
        faults: z.int().min(1).max(100).default(3),
      })
      .prefault({}),
    /** User code that does not return. */
    watchdog: z
      .strictObject({
        reportAfter: Duration.default('10 seconds'),
        restartAfter: Duration.default('1 minute'),
      })
      .prefault({}),
  })
  .meta({ id: 'Recovery' });
export type Recovery = z.infer<typeof Recovery>;
