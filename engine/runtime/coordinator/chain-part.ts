import type { SnapshotPart, TableName } from '../../state/snapshot.ts';
import type { ManifestChunk } from './manifest.ts';

/** A part of a chain on its way from a slot into the storage. */
export class ChainPart implements TableName {
  readonly operatorId: string;
  readonly state: string;
  /** Where it came from, and how many bytes of the slot's allowance it holds. */
  readonly slot: number;
  /** Named as soon as it is about to be written. */
  chunk: ManifestChunk | undefined;
  /** Bytes that had to be written for it. */
  written = 0;
  /** No chain holds it any more. */
  dropped = false;
  #part: SnapshotPart | undefined;
  #saving: Promise<void> | undefined;
  #allowance: number;

  constructor(slot: number, part: SnapshotPart) {
    this.operatorId = part.operatorId;
    this.state = part.state;
    this.slot = slot;
    this.#part = part;
    this.#allowance = part.bytes.byteLength;
  }

  /** A part of a checkpoint of before. */
  static stored(operatorId: string, chunk: ManifestChunk): ChainPart {
    const { state, keyGroups, distribution = 'key-groups', entries } = chunk;
    const bytes = new Uint8Array();
    const stored = new ChainPart(-1, {
      operatorId,
      operatorName: '',
      state,
      keyGroups,
      distribution,
      entries,
      bytes,
    });
    stored.chunk = chunk;
    stored.#part = undefined;
    return stored;
  }

  get stored(): boolean {
    return this.#part === undefined;
  }

  get saving(): boolean {
    return this.#saving !== undefined;
  }

  /** Resolves when it is stored; tries again what failed before, and joins what is under way. */
  save(store: (part: SnapshotPart, named: (chunk: ManifestChunk) => void) => Promise<number>): Promise<void> {
    const part = this.#part;
    if (part === undefined) return Promise.resolve();
    this.#saving ??= store(part, (chunk) => {
      this.chunk = chunk;
    })
      .then((written) => {
        this.written = written;
        this.#part = undefined;
      })
      .finally(() => {
        this.#saving = undefined;
      });
    return this.#saving;
  }

  /** The part of the allowance that this one holds; asked for again it is 0. */
  release(): number {
    const bytes = this.#allowance;
    this.#allowance = 0;
    return bytes;
  }
}
