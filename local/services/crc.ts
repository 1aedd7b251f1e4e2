/** CRC-32C and CRC-64/NVME by tables of eight, since node:zlib has only CRC-32. */

const crc32cPolynomial = 0x82f63b78;
const crc64NvmePolynomial = 0x9a6c9329ac4bc9b5n;
const lanes = 8;

/** A running checksum of bytes. */
export interface Crc {
  update(bytes: Buffer): void;
  /** Big-endian bytes, as S3 shows them in base64. */
  digest(): Buffer;
}

let crc32cTables: Uint32Array[] | undefined;
let crc64Tables: { readonly high: Uint32Array; readonly low: Uint32Array } | undefined;

export function crc32c(): Crc {
  crc32cTables ??= makeCrc32cTables();
  const tables = crc32cTables;
  let state = ~0 >>> 0;
  return {
    update(bytes) {
      state = updateCrc32c(tables, state, bytes);
    },
    digest() {
      const out = Buffer.alloc(4);
      out.writeUInt32BE(~state >>> 0);
      return out;
    },
  };
}

export function crc64Nvme(): Crc {
  crc64Tables ??= makeCrc64Tables();
  const { high, low } = crc64Tables;
  let stateHigh = ~0;
  let stateLow = ~0;
  return {
    update(bytes) {
      // Two 32-bit halves: BigInt would be a hundred times slower.
      for (let i = 0; i < bytes.length; i++) {
        const index = (stateLow ^ (bytes[i] ?? 0)) & 0xff;
        stateLow = ((stateLow >>> 8) | (stateHigh << 24)) ^ (low[index] ?? 0);
        stateHigh = (stateHigh >>> 8) ^ (high[index] ?? 0);
      }
    },
    digest() {
      const out = Buffer.alloc(8);
      out.writeUInt32BE(~stateHigh >>> 0, 0);
      out.writeUInt32BE(~stateLow >>> 0, 4);
      return out;
    },
  };
}

function updateCrc32c(tables: readonly Uint32Array[], initial: number, bytes: Buffer): number {
  const at = (lane: number, index: number): number => tables[lane]?.[index] ?? 0;
  let state = initial;
  let i = 0;
  for (; i + lanes <= bytes.length; i += lanes) {
    const first = bytes.readUInt32LE(i) ^ state;
    const second = bytes.readUInt32LE(i + 4);
    state =
      at(7, first & 0xff) ^
      at(6, (first >>> 8) & 0xff) ^
      at(5, (first >>> 16) & 0xff) ^
      at(4, first >>> 24) ^
      at(3, second & 0xff) ^
      at(2, (second >>> 8) & 0xff) ^
      at(1, (second >>> 16) & 0xff) ^
      at(0, second >>> 24);
  }
  for (; i < bytes.length; i++) state = (state >>> 8) ^ at(0, (state ^ (bytes[i] ?? 0)) & 0xff);
  return state >>> 0;
}

function makeCrc32cTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ crc32cPolynomial : value >>> 1;
    return value >>> 0;
  });
  const tables = [first];
  for (let lane = 1; lane < lanes; lane++) {
    const previous = tables[lane - 1] ?? first;
    tables.push(previous.map((value) => (value >>> 8) ^ (first[value & 0xff] ?? 0)));
  }
  return tables;
}

function makeCrc64Tables(): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const high = new Uint32Array(256);
  const low = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ crc64NvmePolynomial : value >> 1n;
    high[byte] = Number(value >> 32n);
    low[byte] = Number(value & 0xffff_ffffn);
  }
  return { high, low };
}
