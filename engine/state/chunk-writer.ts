import { anyCodec } from '../data/any-codec.ts';
import type { FrameWriter } from '../data/frame-writer.ts';
import { keyGroupOf } from '../data/key-groups.ts';
import { codecErrorAt } from '../data/value-codec.ts';
import { type BuiltChunk, ChunkBuilder } from './chunk-builder.ts';
import { OPERATION, OPERATION_SHIFT } from './chunk-format.ts';
import type { EntrySink } from './entry-sink.ts';
import { NO_KEY_GROUP } from './redistribution.ts';
import type { SnapshotPart } from './snapshot.ts';
import type { StateOwner } from './state-owner.ts';
import type { SnapshotTable, StateEntry } from './state-table.ts';

/**
 * Writes entries of one table into chunks.
 *
 * Shape of a chunk: "HWS2", the layout as JSON behind its length (u32), then frames, each behind its length (u32).
 * A frame has the number of entries (u32), and of each: a word of operation and key group (0 for operator state),
 * and what the operation has, which is the key where it has one, and what the table writes. The removals of a snapshot
 * come in chunks of their own before the others, so that an entry which came back is there in the end.
 */
export class ChunkWriter implements EntrySink {
  readonly keepsAll = false;
  readonly #owner: StateOwner;
  readonly #table: SnapshotTable;
  /** Made when there is something for them, since the layout is known only then. */
  #puts: ChunkBuilder | undefined;
  #removals: ChunkBuilder | undefined;
  #removalParts: SnapshotPart[] = [];
  #parts: SnapshotPart[] = [];

  constructor(owner: StateOwner, table: SnapshotTable) {
    this.#owner = owner;
    this.#table = table;
  }

  begin(continued: boolean, note: ((out: FrameWriter) => void) | undefined): boolean {
    if (!continued) {
      this.forget();
    }
    if (note !== undefined) {
      this.#tell(OPERATION.note, note);
    }
    this.#add(this.#removals?.flush(), this.#removalParts);
    this.#parts.push(...this.#removalParts);
    this.#removalParts = [];
    return continued;
  }

  put(entry: StateEntry): void {
    const builder = (this.#puts ??= new ChunkBuilder(this.#table.layout));
    this.#add(this.#write(builder, OPERATION.put, entry), this.#parts);
  }

  remove(entry: StateEntry): void {
    const builder = (this.#removals ??= new ChunkBuilder(this.#table.layout));
    this.#add(this.#write(builder, OPERATION.remove, entry), this.#removalParts);
  }

  drop(writeId: (out: FrameWriter) => void): void {
    this.#tell(OPERATION.drop, writeId);
  }

  finish(): void {
    this.#add(this.#puts?.flush(), this.#parts);
  }

  take(): SnapshotPart[] {
    const parts = this.#parts;
    this.#parts = [];
    return parts;
  }

  forget(): void {
    this.#removals?.clear();
    this.#removalParts = [];
  }

  abandon(): void {
    this.#puts?.clear();
    this.#parts = [];
  }

  #write(builder: ChunkBuilder, operation: number, entry: StateEntry): BuiltChunk | undefined {
    const out = builder.entry();
    out.u32((operation << OPERATION_SHIFT) | this.#keyGroup(entry));
    try {
      anyCodec.write(out, entry.key);
      this.#table.writeId(out, entry);
      if (operation === OPERATION.put) {
        this.#table.write(out, entry);
      }
    } catch (error) {
      const { operatorName } = this.#owner;
      throw codecErrorAt(`Cannot write state "${this.#table.name}" of operator "${operatorName}"`, error);
    }
    return builder.added();
  }

  #tell(operation: number, write: (out: FrameWriter) => void): void {
    const builder = (this.#removals ??= new ChunkBuilder(this.#table.layout));
    const out = builder.entry();
    out.u32(operation << OPERATION_SHIFT);
    write(out);
    this.#add(builder.added(), this.#removalParts);
  }

  #keyGroup({ key }: StateEntry): number {
    return this.#table.distribution === 'key-groups'
      ? keyGroupOf(key, this.#owner.maxParallelism)
      : NO_KEY_GROUP;
  }

  #add(chunk: BuiltChunk | undefined, parts: SnapshotPart[]): void {
    if (chunk !== undefined) {
      const { operatorId, operatorName, keyGroups } = this.#owner;
      const { name: state, distribution } = this.#table;
      parts.push({ operatorId, operatorName, state, keyGroups, distribution, ...chunk });
    }
  }
}
