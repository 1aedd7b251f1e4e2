/** Which key group a key belongs to and which subtask owns it: Flink's rules, so that state moves between both engines. */
import { booleanHash, combinedHash, longHash, numberHash, stringHash } from './java-hash.ts';

/** A key, or an element of one. Numbers that are 32-bit integers hash as Java's Integer, other integers as Long, else as Double. */
export type PrimitiveKey = string | number | boolean | bigint;

/** A key of a keyed stream; several values make a composite key. Operators are given one and the same array for equal ones. */
export type Key = PrimitiveKey | readonly PrimitiveKey[];

/** Key groups `start` to `end`, both inclusive. */
export interface KeyGroupRange {
  readonly start: number;
  readonly end: number;
}

const MIN_MAX_PARALLELISM = 128;
const MAX_MAX_PARALLELISM = 32_768;

/** `hashCode()` of the Java object that Flink would use as this key; of a composite one its `Tuple`. */
export function javaHash(key: Key): number {
  switch (typeof key) {
    case 'string':
      return stringHash(key);
    case 'number':
      return numberHash(key);
    case 'boolean':
      return booleanHash(key);
    case 'bigint':
      return longHash(key);
    default:
      return tupleHash(key);
  }
}

/** Begins with the hash of the first element, where Java's lists begin with 1. */
function tupleHash(tuple: readonly PrimitiveKey[]): number {
  let hash = 0;
  for (const element of tuple) {
    hash = combinedHash(hash, javaHash(element));
  }
  return hash;
}

/** The key group of a key: `murmurHash(javaHash(key)) % maxParallelism`. */
export function keyGroupOf(key: Key, maxParallelism: number): number {
  return keyGroupOfHash(javaHash(key), maxParallelism);
}

/** The key group of whatever has this Java hash. */
export function keyGroupOfHash(hash: number, maxParallelism: number): number {
  return murmurHash(hash) % maxParallelism;
}

/** The subtask that owns a key group. */
export function subtaskOf(keyGroup: number, maxParallelism: number, parallelism: number): number {
  return Math.floor((keyGroup * parallelism) / maxParallelism);
}

/** The key groups of one subtask; exactly those for which `subtaskOf` gives its index. */
export function keyGroupRange(index: number, maxParallelism: number, parallelism: number): KeyGroupRange {
  return {
    start: Math.floor((index * maxParallelism + parallelism - 1) / parallelism),
    end: Math.floor(((index + 1) * maxParallelism - 1) / parallelism),
  };
}

/** The number of key groups when none is given: one and a half times the parallelism, rounded up to a power of two. */
export function defaultMaxParallelism(parallelism: number): number {
  const wanted = parallelism + Math.floor(parallelism / 2);
  const power = 2 ** Math.ceil(Math.log2(Math.max(wanted, 1)));
  return Math.min(Math.max(power, MIN_MAX_PARALLELISM), MAX_MAX_PARALLELISM);
}

/** Flink's scrambling of a hash code: never negative. */
function murmurHash(code: number): number {
  let hash = Math.imul(code, 0xcc9e2d51);
  hash = (hash << 15) | (hash >>> 17);
  hash = Math.imul(hash, 0x1b873593);
  hash = (hash << 13) | (hash >>> 19);
  hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  hash ^= 4;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  if (hash >= 0) {
    return hash;
  }
  return hash === -2_147_483_648 ? 0 : -hash;
}
