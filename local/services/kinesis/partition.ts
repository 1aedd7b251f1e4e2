/** Which shard a record belongs to: 128-bit hash keys, compared as 32 hexadecimal digits. */
import { hash } from 'node:crypto';

const hexDigits = 32;
const hashKeySpace = 1n << 128n;

/** A range of hash keys, both ends included, as 32 hexadecimal digits each. */
export interface HashKeyRange {
  readonly start: string;
  readonly end: string;
}

/** Hash key of a partition key: its MD5, as AWS defines it. */
export function hashKeyOf(partitionKey: string): string {
  return hash('md5', partitionKey, 'hex');
}

export function hexOfDecimal(decimal: string): string {
  return toHex(BigInt(decimal));
}

export function decimalOfHex(hex: string): string {
  return BigInt(`0x${hex}`).toString();
}

/** Splits the hash key space into equal ranges; the last takes the remainder. */
export function uniformRanges(count: number): HashKeyRange[] {
  const width = hashKeySpace / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    start: toHex(width * BigInt(index)),
    end: toHex(index === count - 1 ? hashKeySpace - 1n : width * BigInt(index + 1) - 1n),
  }));
}

/** The hash key just before another. */
export function hexBefore(hex: string): string {
  return toHex(BigInt(`0x${hex}`) - 1n);
}

/** Whether a decimal hash key lies in the space. */
export function isHashKey(decimal: string): boolean {
  return /^(0|[1-9]\d{0,38})$/.test(decimal) && BigInt(decimal) < hashKeySpace;
}

function toHex(value: bigint): string {
  return value.toString(16).padStart(hexDigits, '0');
}
