import * as z from 'zod';

/** Whether a program can begin from a state; of all its parts the worst one decides. */
export const Compatibility = z
  .enum(['compatible', 'compatible-after-migration', 'incompatible', 'unknown'])
  .meta({ id: 'Compatibility' });
export type Compatibility = z.infer<typeof Compatibility>;

/** One state of one operator, before and after. */
export const StateVerdict = z
  .object({
    operator: z.string(),
    /** Null: the operator as a whole, such as one that is missing. */
    state: z.string().nullable(),
    compatibility: Compatibility,
    /** What differs, as a sentence that names the types. */
    reason: z.string(),
    /** What to do about it; null where nothing is to be done. */
    remedy: z.string().nullable(),
  })
  .meta({ id: 'StateVerdict' });
export type StateVerdict = z.infer<typeof StateVerdict>;

/** What a comparison of the state with the new program says, before anything ends. */
export const Verdict = z
  .object({ compatibility: Compatibility, states: z.array(StateVerdict) })
  .meta({ id: 'Verdict' });
export type Verdict = z.infer<typeof Verdict>;
