/**
 * Verifies LevelDB's write-ahead logs before LevelDB reads them: it skips a damaged block without a word, and with
 * it every write that was acknowledged in there. A log that merely ends too early is the work of a crash.
 *
 * Format: https://github.com/google/leveldb/blob/main/doc/log_format.md
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { CorruptDataError } from '../corrupt-data-error.ts';
import { crc32c } from '../crc.ts';

const blockBytes = 32 * 1024;
const headerBytes = 7;
const lengthAt = 4;
const typeAt = 6;
const checksumMask = 0xa282ead8;

/** Fails with `CorruptDataError` when a log in the directory of a LevelDB has damage before its end. */
export function verifyWriteAheadLogs(directory: string): void {
  for (const name of readdirSync(directory).filter((one) => /^\d+\.log$/.test(one))) {
    const file = path.join(directory, name);
    const damage = firstDamage(readFileSync(file));
    if (damage !== undefined) throw new CorruptDataError(file, `the record at byte ${damage} is damaged`);
  }
}

/** Offset of the first record whose checksum does not hold; undefined if all do. */
function firstDamage(log: Buffer): number | undefined {
  let at = 0;
  while (at + headerBytes <= log.length) {
    const leftInBlock = blockBytes - (at % blockBytes);
    // A header never crosses blocks; what is left of one too short for it is padding.
    if (leftInBlock < headerBytes) {
      at += leftInBlock;
      continue;
    }
    const end = at + headerBytes + log.readUInt16LE(at + lengthAt);
    if (isZeros(log, at)) return undefined;
    if (end > log.length) return isTornAtEnd(log, at, end) ? undefined : at;
    if (end - at > leftInBlock || log.readUInt32LE(at) !== maskedChecksum(log.subarray(at + typeAt, end)))
      return at;
    at = end;
  }
  return undefined;
}

/** A record that was being written at a crash reaches beyond the file, but not beyond its block. */
function isTornAtEnd(log: Buffer, at: number, end: number): boolean {
  const block = Math.floor(at / blockBytes);
  return Math.floor((end - 1) / blockBytes) === block && Math.floor((log.length - 1) / blockBytes) === block;
}

/** A power cut may leave zeros where the file had grown but nothing was written yet. */
function isZeros(log: Buffer, from: number): boolean {
  return log.readUInt32LE(from) === 0 && log.subarray(from).every((byte) => byte === 0);
}

/** LevelDB masks its checksums, since the data may itself hold checksums. */
function maskedChecksum(bytes: Buffer): number {
  const crc = crc32c();
  crc.update(bytes);
  const value = crc.digest().readUInt32BE(0);
  return (((value >>> 15) | (value << 17)) + checksumMask) >>> 0;
}
