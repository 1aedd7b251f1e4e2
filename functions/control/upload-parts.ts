/** How a bundle is cut into parts, and which of them are still to be sent. */

/** S3 takes no part below 5 MiB but the last; a cut upload sends at most this much again for each part under way. */
export const PART_BYTES = 8 * 1024 * 1024;

/** A part that has arrived. */
interface Arrived {
  readonly number: number;
  readonly sizeBytes: number;
}

/** Small bundles are sent at once. */
export function isCut(sizeBytes: number): boolean {
  return sizeBytes > PART_BYTES;
}

/** Numbers of the parts that have not arrived, or with another size than they must have; from 1. */
export function missingParts(sizeBytes: number, arrived: readonly Arrived[]): number[] {
  const sizes = new Map(arrived.map((part) => [part.number, part.sizeBytes]));
  const count = partCount(sizeBytes);
  return Array.from({ length: count }, (_, index) => index + 1).filter((number) => {
    const isLast = number === count;
    return sizes.get(number) !== (isLast ? sizeBytes - (count - 1) * PART_BYTES : PART_BYTES);
  });
}

/** Of how many parts a bundle consists. */
export function partCount(sizeBytes: number): number {
  return Math.ceil(sizeBytes / PART_BYTES);
}
