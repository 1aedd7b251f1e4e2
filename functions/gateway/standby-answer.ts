import * as z from 'zod';

/** How far a worker is that waits for the job before it to end. */
export const StandbyAnswer = z.object({
  state: z.enum(['warming', 'warm', 'begun', 'ended']),
  preload: z
    .object({
      location: z.string(),
      state: z.enum(['reading', 'read', 'failed']),
      durationMs: z.number().optional(),
      failure: z.string().optional(),
    })
    .optional(),
  handOver: z.object({ bytesAhead: z.number(), bytesRead: z.number() }).optional(),
  lost: z.string().optional(),
});
export type StandbyAnswer = z.infer<typeof StandbyAnswer>;
