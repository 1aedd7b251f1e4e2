/** Speed: a table of ten million keys looks one up twice otherwise; a hash of its own costs less than a cache miss. */
import type { Key } from '../data/key-groups.ts';

/** Of longer texts the front and the end are looked at: that is where keys differ. */
const TEXT_MAX = 32;
const FRONT = 8;

/** A 32-bit hash of a key, for tables in memory alone: nothing that is written depends on it. */
export function keyHash(key: Key): number {
  const raw = rawHash(key);
  const half = Math.imul(raw ^ (raw >>> 16), 0x45d9_f3b5);
  const hash = Math.imul(half ^ (half >>> 15), 0x45d9_f3b5);
  return hash ^ (hash >>> 16);
}

function rawHash(key: Key): number {
  switch (typeof key) {
    case 'number':
      return numberHash(key);
    case 'string':
      return textHash(key);
    case 'bigint':
      return numberHash(Number(BigInt.asIntN(53, key)));
    case 'boolean':
      return key ? 1 : 0;
    default:
      return key.reduce<number>((hash, element) => (Math.imul(hash, 31) + rawHash(element)) | 0, 1);
  }
}

/** Integers differ in their lower or in their upper half, other numbers in their fraction. */
function numberHash(key: number): number {
  const low = key | 0;
  return low === key ? low : low ^ Math.imul((key / 0x1_0000_0000) | 0, 31) ^ (key * 0x1_0000);
}

function textHash(key: string): number {
  const { length } = key;
  if (length <= TEXT_MAX) {
    return charactersHash(key, 0, length, length);
  }
  return charactersHash(key, length - TEXT_MAX + FRONT, length, charactersHash(key, 0, FRONT, length));
}

function charactersHash(key: string, from: number, to: number, start: number): number {
  let hash = start;
  for (let index = from; index < to; index++) {
    hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  }
  return hash;
}
