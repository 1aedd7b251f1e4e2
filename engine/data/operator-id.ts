const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

/**
 * The id of an operator by its name: 32 hexadecimal digits, the same that Flink gives an operator with this uid.
 *
 * Source: MurmurHash3 x64 128, seed 0, of the UTF-8 text, as in Guava's `murmur3_128`.
 */
export function operatorId(name: string): string {
  const bytes = new TextEncoder().encode(name);
  const [first, second] = murmur3(bytes);
  return littleEndianHex(first) + littleEndianHex(second);
}

function murmur3(bytes: Uint8Array): readonly [bigint, bigint] {
  // Zeros behind the end change nothing in the tail, so every block can be read as 16 bytes.
  const padded = new Uint8Array(bytes.length + 16);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  let [h1, h2] = [0n, 0n];
  let at = 0;
  for (; at + 16 <= bytes.length; at += 16) {
    h1 ^= mixFirst(view.getBigUint64(at, true));
    h1 = word(word(rotate(h1, 27n) + h2) * 5n + 0x52dce729n);
    h2 ^= mixSecond(view.getBigUint64(at + 8, true));
    h2 = word(word(rotate(h2, 31n) + h1) * 5n + 0x38495ab5n);
  }
  if (at < bytes.length) {
    h1 ^= mixFirst(view.getBigUint64(at, true));
    h2 ^= mixSecond(view.getBigUint64(at + 8, true));
  }
  const length = BigInt(bytes.length);
  [h1, h2] = [h1 ^ length, h2 ^ length];
  h1 = word(h1 + h2);
  h2 = word(h2 + h1);
  [h1, h2] = [finish(h1), finish(h2)];
  h1 = word(h1 + h2);
  return [h1, word(h2 + h1)];
}

function mixFirst(k: bigint): bigint {
  return word(rotate(word(k * C1), 31n) * C2);
}

function mixSecond(k: bigint): bigint {
  return word(rotate(word(k * C2), 33n) * C1);
}

function finish(hash: bigint): bigint {
  let k = hash;
  k = word((k ^ (k >> 33n)) * 0xff51afd7ed558ccdn);
  k = word((k ^ (k >> 33n)) * 0xc4ceb9fe1a85ec53n);
  return k ^ (k >> 33n);
}

function rotate(value: bigint, bits: bigint): bigint {
  return word((value << bits) | (value >> (64n - bits)));
}

function word(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function littleEndianHex(value: bigint): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
