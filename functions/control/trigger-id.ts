/** Ids in the two alphabets that we need: ours (ULID) and Flink's (32 hexadecimal characters), both of 128 bits. */

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ULID_LENGTH = 26;
const HEX_LENGTH = 32;

/** The same 128 bits in Flink's form: job ids and trigger ids follow from the ids of operations. */
export function flinkId(ulid: string): string {
  let bits = 0n;
  for (const character of ulid) bits = bits * 32n + BigInt(ALPHABET.indexOf(character));
  return bits.toString(16).padStart(HEX_LENGTH, '0');
}

/** The ULID of these bits; undefined for text that is not an id of Flink's. */
export function ulidOf(flinkId: string): string | undefined {
  if (!/^[0-9a-f]{32}$/.test(flinkId)) return undefined;
  let bits = BigInt(`0x${flinkId}`);
  let ulid = '';
  for (let digit = 0; digit < ULID_LENGTH; digit++) {
    ulid = ALPHABET.charAt(Number(bits % 32n)) + ulid;
    bits /= 32n;
  }
  return ulid;
}
