/** "HWS1": Headwater state, format 1: one frame of entries, without removals, and its CRC-32. Still read. */
export const FORMAT_1 = 0x31535748;

/** "HWS2": format 2, see {@link ChunkWriter}. */
export const FORMAT_2 = 0x32535748;

/** What an entry of a chunk does. Part of the format: add at the end, never renumber. */
export const OPERATION = {
  /** Key, id, value: takes the place of what has this key and id. */
  put: 0,
  /** Key, id: what has them is gone. */
  remove: 1,
  /** The front of an id: whatever the writer of the chunk put before with such an id is gone. */
  drop: 2,
  /** What is true of all entries that the writer of the chunk put before. */
  note: 3,
} as const;

/** Where the operation stands in the word that begins an entry, above its key group. */
export const OPERATION_SHIFT = 16;

/** Length of the layout, or of a frame. */
export const LENGTH_BYTES = 4;
