/**
 * Sequence numbers as clients see them: 56 decimal digits, as long as those of AWS. The high digits are the time at
 * which the stream was created, so that those of a stream deleted and created again are larger and never mistaken.
 */
const totalDigits = 56;
const prefix = '49';
const createdAtDigits = 16;
const counterDigits = totalDigits - prefix.length - createdAtDigits;

/** The number of the record with the given counter in a stream created at `createdAt` (ms). */
export function sequenceNumber(createdAt: number, counter: number): string {
  const head = prefix + String(createdAt).padStart(createdAtDigits, '0');
  return head + String(counter).padStart(counterDigits, '0');
}

/** The counter in a sequence number of that stream; undefined for a number of any other. */
export function counterOf(createdAt: number, text: string): number | undefined {
  if (!/^\d{56}$/.test(text)) return undefined;
  const head = prefix + String(createdAt).padStart(createdAtDigits, '0');
  return text.startsWith(head) ? Number(text.slice(head.length)) : undefined;
}
