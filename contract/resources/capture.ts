import * as z from 'zod';

/** A record that a sink did not write but the platform kept aside. */
export const CapturedRecord = z
  .object({
    /** Event time; null where the record has none. */
    time: z.string().nullable(),
    /** As the sink was given it, in its form as JSON; hidden fields are left out. */
    record: z.unknown(),
  })
  .meta({ id: 'CapturedRecord' });
export type CapturedRecord = z.infer<typeof CapturedRecord>;
