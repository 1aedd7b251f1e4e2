/**
 * Sequence numbers as clients see them: 56 decimal digits, as long as those of AWS. The high digits are the time at
 * which the stream was created, so that those of a stream deleted and created again are larger and never mistaken.
 */
const totalDigits = 56;
const prefix = '49';
const createdAtDigits = 16;
const counterDigits = totalDigits - prefix.length - createdAtDigits;

/** What all sequence numbers of a stream created at `createdAt` (ms) begin with. */
export function sequencePrefix(createdAt: number): string {
  return prefix + String(createdAt).padStart(createdAtDigits, '0');
}

/** The number of the record with the given counter in a stream with that prefix. */
export function sequenceNumber(streamPrefix: string, counter: number): string {
  return streamPrefix + String(counter).padStart(counterDigits, '0');
}

/** The counter in a sequence number of that stream; undefined for a number of any other. */
export function counterOf(streamPrefix: string, text: string): number | undefined {
  if (!/^\d{56}$/.test(text) || !text.startsWith(streamPrefix)) return undefined;
  return Number(text.slice(streamPrefix.length));
}
