/** `hashCode()` as Java has it, for the types that Flink keys by. */

const doubleWords = new DataView(new ArrayBuffer(8));

/** Of `java.lang.String`: over UTF-16 code units. */
export function stringHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  }
  return hash;
}

/** Of `java.lang.Boolean`. */
export function booleanHash(value: boolean): number {
  return value ? 1231 : 1237;
}

/** Of `java.lang.Long`: the halves, one xored with the other. A negative long hashes unlike the same int. */
export function longHash(value: bigint): number {
  return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
}

/** Of `java.lang.Double`: the same for the bits. */
export function doubleHash(value: number): number {
  // Java has one NaN bit pattern in `doubleToLongBits`, whatever the payload was.
  doubleWords.setFloat64(0, Number.isNaN(value) ? Number.NaN : value);
  return doubleWords.getInt32(0) ^ doubleWords.getInt32(4);
}

/** Of a number without a declared type: as Integer where it fits, as Long where it is whole, else as Double. */
export function numberHash(value: number): number {
  // A Map holds -0 and 0 as one key, so they must be of one key group, too.
  if ((value | 0) === value) {
    return value | 0;
  }
  if (Number.isSafeInteger(value)) {
    const high = Math.floor(value / 4_294_967_296);
    return (high ^ (value % 4_294_967_296)) | 0;
  }
  return doubleHash(value);
}

/** The hash of a sequence with one element more. */
export function combinedHash(hash: number, next: number): number {
  return (Math.imul(hash, 31) + next) | 0;
}
