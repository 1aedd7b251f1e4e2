import { crc32 } from 'node:zlib';
import { anyCodec } from '../data/any-codec.ts';
import { FrameError, FrameReader } from '../data/frame-reader.ts';
import { type Key, keyGroupOf } from '../data/key-groups.ts';
import { checkedKey } from '../data/keys.ts';
import { FORMAT_1, FORMAT_2, LENGTH_BYTES, OPERATION, OPERATION_SHIFT } from './chunk-format.ts';
import { isLogChunk, openLogChunk, PUT, recordsOf } from './disk/log-chunk.ts';
import { readKey } from './disk/record-key.ts';
import type { Share } from './redistribution.ts';
import { type StateLayout, StateMigrationError } from './state-layout.ts';
import type { StateOwner } from './state-owner.ts';
import type { EntryReader, SnapshotTable } from './state-table.ts';

const CRC_BYTES = 4;
const KEY_GROUP_MASK = (1 << OPERATION_SHIFT) - 1;

/** True of a key that the writer of a chunk has. */
type IsWriters = (key: Key) => boolean;

/**
 * Fills a table with the share of a part that its owner keeps. True where a snapshot of the table would say the same
 * in the same way: no entry was left out, and it was written as the table is declared.
 */
export function readChunk({ part, keeps }: Share, owner: StateOwner, table: SnapshotTable): boolean {
  const where = `state "${part.state}" of operator "${owner.operatorName}"`;
  try {
    return new ChunkReading({ part, keeps }, owner, table).read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const Refused = error instanceof StateMigrationError ? StateMigrationError : FrameError;
    throw new Refused(`Cannot restore ${where}: ${reason}`, { cause: error });
  }
}

/** One chunk on its way into a table. */
class ChunkReading {
  readonly #bytes: Uint8Array;
  readonly #keeps: Share['keeps'];
  readonly #table: SnapshotTable;
  readonly #isWriters: IsWriters;
  readonly #frame = new FrameReader();
  #place = 0;
  #complete = true;

  constructor({ part, keeps }: Share, owner: StateOwner, table: SnapshotTable) {
    this.#bytes = part.bytes;
    this.#keeps = keeps;
    this.#table = table;
    this.#isWriters = writersKeys(part, owner);
  }

  read(): boolean {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    const magic = this.#bytes.byteLength < 2 * LENGTH_BYTES ? 0 : view.getUint32(0, true);
    if (magic === FORMAT_2) {
      this.#readFrames(view);
    } else if (isLogChunk(this.#bytes)) {
      this.#readLog();
    } else {
      this.#readFormat1();
    }
    return this.#complete;
  }

  #readFrames(view: DataView): void {
    const layoutEnd = 2 * LENGTH_BYTES + view.getUint32(LENGTH_BYTES, true);
    const layout = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset, layoutEnd).toString(
      'utf8',
      2 * LENGTH_BYTES,
    );
    const reader = this.#reader(layout);
    let at = layoutEnd;
    while (at < this.#bytes.byteLength) {
      const end = at + LENGTH_BYTES + view.getUint32(at, true);
      this.#frame.ownStrings = true;
      this.#frame.open(this.#bytes.subarray(at + LENGTH_BYTES, end));
      this.#readEntries(reader);
      at = end;
    }
  }

  #readEntries(reader: EntryReader): void {
    const frame = this.#frame;
    for (let left = frame.u32(); left > 0; left--) {
      const word = frame.u32();
      const operation = word >>> OPERATION_SHIFT;
      if (operation === OPERATION.put) {
        const keep = this.#takes(word & KEY_GROUP_MASK);
        frame.ownStrings = keep;
        reader.put(frame, checkedKey(anyCodec.read(frame)), keep);
      } else {
        this.#readOther(reader, operation, word & KEY_GROUP_MASK);
      }
    }
  }

  #readOther(reader: EntryReader, operation: number, keyGroup: number): void {
    const frame = this.#frame;
    if (operation === OPERATION.remove && reader.remove !== undefined) {
      const keep = this.#takes(keyGroup);
      reader.remove(frame, checkedKey(anyCodec.read(frame)), keep);
    } else if (operation === OPERATION.drop && reader.drop !== undefined) {
      reader.drop(frame, this.#isWriters);
    } else if (operation === OPERATION.note && reader.note !== undefined) {
      reader.note(frame, this.#isWriters);
    } else {
      throw new FrameError(`an entry has operation ${operation}, which this version does not know`);
    }
  }

  #readLog(): void {
    const log = openLogChunk(this.#bytes);
    const reader = this.#reader(log.layout);
    // Only a log goes on behind a log.
    this.#complete = false;
    for (const { operation, keyGroup, keyAt, valueAt, end } of recordsOf(log)) {
      const keep = this.#takes(keyGroup);
      const key = readKey(this.#bytes, keyAt);
      // A tombstone of a key with one entry has nothing behind its key.
      if (end > valueAt) {
        this.#frame.ownStrings = true;
        this.#frame.open(this.#bytes.subarray(valueAt, end));
      }
      if (operation === PUT) {
        reader.put(this.#frame, key, keep);
      } else {
        reader.remove?.(this.#frame, key, keep);
      }
    }
  }

  #readFormat1(): void {
    const frame = this.#frame;
    frame.ownStrings = true;
    frame.open(checkedFrame(this.#bytes));
    const magic = frame.u32();
    if (magic !== FORMAT_1) {
      throw new FrameError(
        `the chunk begins with 0x${magic.toString(16)}, this version reads 0x${FORMAT_1.toString(16)} and 0x${FORMAT_2.toString(16)}`,
      );
    }
    const reader = this.#reader(frame.string());
    for (let left = frame.u32(); left > 0; left--) {
      const keep = this.#takes(frame.u32());
      reader.put(frame, checkedKey(anyCodec.read(frame)), keep);
    }
  }

  #takes(keyGroup: number): boolean {
    const keep = this.#keeps(keyGroup, this.#place++);
    if (!keep) {
      this.#complete = false;
    }
    return keep;
  }

  #reader(text: string): EntryReader {
    const table = this.#table;
    const written = JSON.parse(text) as StateLayout; // written by ChunkWriter, proved by a checksum
    checkKind(written, table.layout);
    if (text !== JSON.stringify(table.layout)) {
      this.#complete = false;
    }
    return table.reader(written);
  }
}

function writersKeys({ distribution, keyGroups }: Share['part'], owner: StateOwner): IsWriters {
  const { start, end } = keyGroups;
  const hasAll = start <= owner.keyGroups.start && end >= owner.keyGroups.end;
  if (distribution !== 'key-groups' || hasAll) {
    return () => true;
  }
  return (key) => {
    const keyGroup = keyGroupOf(key, owner.maxParallelism);
    return keyGroup >= start && keyGroup <= end;
  };
}

/** Entries of one kind of state would be read as nonsense by a table of another. */
function checkKind(written: StateLayout, declared: StateLayout): void {
  if (written.kind !== declared.kind) {
    throw new StateMigrationError(
      `it was written as state of kind "${written.kind}", the program declares "${declared.kind}"; give the state a new name`,
    );
  }
}

function checkedFrame(bytes: Uint8Array): Uint8Array {
  const length = bytes.byteLength - CRC_BYTES;
  if (length < 0) {
    throw new FrameError(`the chunk has only ${bytes.byteLength} bytes`);
  }
  const frame = bytes.subarray(0, length);
  const expected = new DataView(bytes.buffer, bytes.byteOffset).getUint32(length, true);
  if (crc32(frame) !== expected) {
    throw new FrameError('the checksum of the chunk does not match; restore another checkpoint or savepoint');
  }
  return frame;
}
