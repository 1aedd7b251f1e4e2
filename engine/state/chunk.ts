import { crc32 } from 'node:zlib';
import { anyCodec } from '../data/any-codec.ts';
import { FrameError, FrameReader } from '../data/frame-reader.ts';
import { FrameWriter } from '../data/frame-writer.ts';
import { codecErrorAt } from '../data/value-codec.ts';
import { keyGroupOf, type KeyGroupRange } from '../data/key-groups.ts';
import { checkedKey } from '../data/keys.ts';
import { NO_KEY_GROUP, type Share } from './redistribution.ts';
import type { SnapshotPart } from './snapshot.ts';
import { type StateLayout, StateMigrationError } from './state-layout.ts';
import type { StateEntry, SnapshotTable } from './state-table.ts';

/** "HWS1": Headwater state, format 1. */
const MAGIC = 0x31535748;
const CRC_BYTES = 4;
const ENTRIES_MAX = 4096;
const BYTES_MAX = 262_144;

/** Whose state it is. */
export interface StateOwner {
  readonly operatorId: string;
  readonly operatorName: string;
  readonly subtask: number;
  readonly parallelism: number;
  readonly keyGroups: KeyGroupRange;
  readonly maxParallelism: number;
}

/**
 * Writes entries of one table into chunks of some 256 KB.
 *
 * Shape of a chunk: a frame with magic, layout as JSON, number of entries, then per entry its key group (u32; 0 for
 * operator state), its key and what the table writes; behind the frame its CRC-32.
 */
export class ChunkWriter {
  readonly #owner: StateOwner;
  readonly #table: SnapshotTable;
  readonly #frame = new FrameWriter();
  #parts: SnapshotPart[] = [];
  #entries = 0;
  #countAt = 0;

  constructor(owner: StateOwner, table: SnapshotTable) {
    this.#owner = owner;
    this.#table = table;
  }

  add(entry: StateEntry): void {
    const frame = this.#frame;
    if (this.#entries === 0) {
      frame.reset();
      frame.u32(MAGIC);
      frame.string(JSON.stringify(this.#table.layout));
      this.#countAt = frame.position;
      frame.u32(0);
    }
    frame.u32(
      this.#table.distribution === 'key-groups'
        ? keyGroupOf(entry.key, this.#owner.maxParallelism)
        : NO_KEY_GROUP,
    );
    anyCodec.write(frame, entry.key);
    try {
      this.#table.write(frame, entry);
    } catch (error) {
      const { operatorName } = this.#owner;
      throw codecErrorAt(`Cannot write state "${this.#table.name}" of operator "${operatorName}"`, error);
    }
    this.#entries++;
    if (this.#entries >= ENTRIES_MAX || frame.length >= BYTES_MAX) {
      this.flush();
    }
  }

  /** Closes the chunk begun last. */
  flush(): void {
    if (this.#entries === 0) {
      return;
    }
    this.#frame.patchU32(this.#countAt, this.#entries);
    const { operatorId, operatorName, keyGroups } = this.#owner;
    const bytes = withCrc(this.#frame.finish());
    this.#parts.push({
      operatorId,
      operatorName,
      state: this.#table.name,
      keyGroups,
      distribution: this.#table.distribution,
      entries: this.#entries,
      bytes,
    });
    this.#entries = 0;
  }

  take(): SnapshotPart[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }
}

/** Fills a table with the share of a part that its owner keeps. */
export function readChunk({ part, keeps }: Share, owner: StateOwner, table: SnapshotTable): void {
  const where = `state "${part.state}" of operator "${owner.operatorName}"`;
  try {
    readEntries(part.bytes, keeps, table);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const Refused = error instanceof StateMigrationError ? StateMigrationError : FrameError;
    throw new Refused(`Cannot restore ${where}: ${reason}`, { cause: error });
  }
}

function readEntries(bytes: Uint8Array, keeps: Share['keeps'], table: SnapshotTable): void {
  const frame = new FrameReader();
  frame.open(checkedFrame(bytes));
  const magic = frame.u32();
  if (magic !== MAGIC) {
    throw new FrameError(
      `the chunk begins with 0x${magic.toString(16)}, this version reads 0x${MAGIC.toString(16)}`,
    );
  }
  const layout = JSON.parse(frame.string()) as StateLayout; // written by ChunkWriter, proved by the checksum
  checkKind(layout, table.layout);
  const read = table.reader(layout);
  const entries = frame.u32();
  for (let count = 0; count < entries; count++) {
    const keyGroup = frame.u32();
    const key = checkedKey(anyCodec.read(frame));
    read(frame, key, keeps(keyGroup, count));
  }
}

/** Entries of one kind of state would be read as nonsense by a table of another. */
function checkKind(written: StateLayout, declared: StateLayout): void {
  if (written.kind !== declared.kind) {
    throw new StateMigrationError(
      `it was written as state of kind "${written.kind}", the program declares "${declared.kind}"; give the state a new name`,
    );
  }
}

function withCrc(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame.byteLength + CRC_BYTES);
  bytes.set(frame);
  new DataView(bytes.buffer).setUint32(frame.byteLength, crc32(frame), true);
  return bytes;
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
