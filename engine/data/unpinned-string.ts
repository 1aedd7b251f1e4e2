/** V8 copies substrings below this length; longer ones are slices that keep their whole parent alive. */
export const SLICED_LENGTH = 13;

/**
 * The same string with memory of its own.
 *
 * Strings of decoded records are slices of the blob of their batch: one of them in long-lived state would keep some
 * 40 KB alive. Costs 67 ns, so it is for what goes into state, never for what passes through.
 */
export function unpinnedString(text: string): string {
  return text.length < SLICED_LENGTH ? text : ` ${text}`.slice(1);
}
