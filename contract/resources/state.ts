import * as z from 'zod';

/** Entries of a page: the engine makes one between two batches. */
export const STATE_PAGE_MAX = 1000;

/** One state of one operator, as the running job has it. */
export const StateSummary = z
  .object({
    operatorId: z.string(),
    operator: z.string(),
    state: z.string(),
    /** `value`, `map`, `list`, `windows`, `timers` and so on. */
    kind: z.string(),
    entries: z.int(),
    /** `string`, `number`, `boolean`, `bigint` or `array`; absent while there is no key. */
    keyKind: z.string().optional(),
    /** Types as in the state's schema; absent where values describe themselves. */
    valueType: z.unknown().optional(),
    mapKeyType: z.unknown().optional(),
  })
  .meta({ id: 'StateSummary' });
export type StateSummary = z.infer<typeof StateSummary>;

export const StateList = z
  .object({
    /** `live`: as the state was between two batches, which the next checkpoint may not have yet. */
    consistency: z.literal('live'),
    states: z.array(StateSummary),
  })
  .meta({ id: 'StateList' });

/** What is held of one key, or of no key; which members there are depends on the kind of the state. */
export const StateEntry = z
  .looseObject({
    key: z.unknown().optional(),
    mapKey: z.unknown().optional(),
    name: z.string().optional(),
    time: z.string().optional(),
    value: z.unknown().optional(),
    values: z.array(z.unknown()).optional(),
  })
  .meta({ id: 'StateEntry' });

export const StatePage = z
  .object({
    consistency: z.literal('live'),
    operator: z.string(),
    state: z.string(),
    kind: z.string(),
    entries: z.array(StateEntry),
    /** There is more. It is good for one page; a page may be empty and yet have one. */
    cursor: z.string().optional(),
  })
  .meta({ id: 'StatePage' });
export type StatePage = z.infer<typeof StatePage>;

export const StateQuery = z.object({
  /** As people write it: text, a number, or a JSON array for a composite key. Without it all keys are read. */
  key: z.string().max(4096).optional(),
  mapKey: z.string().max(4096).optional(),
  limit: z.coerce.number().int().min(1).max(STATE_PAGE_MAX).default(100),
  cursor: z.string().max(200).optional(),
});
