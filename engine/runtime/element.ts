/**
 * What travels between two subtasks, in order: batches of records, and marks between them.
 * Numbers and not objects, since one is looked at for every batch.
 */
export const NOTHING = 0;
export const RECORDS = 1;
/** Its number is the watermark. */
export const WATERMARK = 2;
/** No records are to be expected for now; watermarks need not wait for this channel. */
export const IDLE = 3;
export const ACTIVE = 4;
/** Its number is the id of the checkpoint. */
export const BARRIER = 5;
/** Nothing follows. */
export const END = 6;

export type Element =
  | typeof NOTHING
  | typeof RECORDS
  | typeof WATERMARK
  | typeof IDLE
  | typeof ACTIVE
  | typeof BARRIER
  | typeof END;

/** The elements that are no records. */
export type Mark = Exclude<Element, typeof NOTHING | typeof RECORDS>;
