import * as z from 'zod';

/** What becomes of the records that reach a sink. */
export const SinkMode = z
  .discriminatedUnion('mode', [
    /** They are written where the program says. */
    z.strictObject({ mode: z.literal('keep') }),
    /** They are dropped. */
    z.strictObject({ mode: z.literal('discard') }),
    /** They are kept aside as JSON lines in the platform's bucket, and can be read through the API. */
    z.strictObject({ mode: z.literal('capture') }),
    /** They are written elsewhere: options of the connector, such as `stream` or `table`, that take the place of the program's. */
    z.strictObject({ mode: z.literal('redirect'), options: z.record(z.string(), z.string()) }),
  ])
  .meta({ id: 'SinkMode' });
export type SinkMode = z.infer<typeof SinkMode>;

/** For every sink, and for single ones by their names. */
export const SinkPolicy = z
  .strictObject({
    every: z.enum(['keep', 'discard', 'capture']).default('capture'),
    sinks: z.record(z.string().min(1).max(200), SinkMode).default({}),
  })
  .meta({ id: 'SinkPolicy' });
export type SinkPolicy = z.infer<typeof SinkPolicy>;
