/** V8 copies substrings below this length; longer ones are slices that keep their whole parent alive. */
export const SLICED_LENGTH = 13;

/** Of this thread; where all texts are made in memory, as by a generator, copies of them are a fifth of the CPU of a job. */
let blobsAreRead = false;

/**
 * From now on any text of this thread may be a slice of something large. Called by whoever decodes, before its first
 * record, and never taken back: what was decoded may come by any way.
 */
export function textsMayPin(): void {
  blobsAreRead = true;
}

/** Whether keeping this text could keep a larger one alive. */
export function canPinText(text: string): boolean {
  return blobsAreRead && text.length >= SLICED_LENGTH;
}

/**
 * The same string with memory of its own.
 *
 * Strings of decoded records are slices of the blob of their batch: one of them in long-lived state would keep some
 * 40 KB alive. Costs 67 ns, so it is for what goes into state, never for what passes through.
 */
export function unpinnedString(text: string): string {
  return canPinText(text) ? ` ${text}`.slice(1) : text;
}
