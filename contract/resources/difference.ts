import * as z from 'zod';

/** One place in which two documents differ; an absent side has no such member. */
export const Difference = z
  .object({
    /** JSON Pointer inside the documents compared: `/parallelism` for two specs. */
    pointer: z.string(),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
  })
  .meta({ id: 'Difference' });
export type Difference = z.infer<typeof Difference>;
