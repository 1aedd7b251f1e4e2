import type { SnapshotPart } from '../../state/snapshot.ts';
import type { Acknowledgement, HandedParts } from '../slot-protocol.ts';
import { ChainPart } from './chain-part.ts';
import type { ManifestChunk } from './manifest.ts';
import { SnapshotChains } from './snapshot-chains.ts';

/** What the intake works with. */
export interface IntakeContext {
  /** As of a `ChunkPool`. */
  readonly store: (part: SnapshotPart, named: (chunk: ManifestChunk) => void) => Promise<number>;
  /** So many bytes of a slot are held no longer. */
  readonly released: (slot: number, bytes: number) => void;
  /** A part of this checkpoint could not be stored; it is kept and tried again with the next one. */
  readonly failed: (checkpointId: number, error: unknown) => void;
}

/** Parts of a snapshot that has not been handed over whole. */
interface Arriving {
  readonly checkpointId: number;
  readonly parts: ChainPart[];
}

/**
 * Takes in what subtasks write of their state: stores parts as they come, and appends them to the chains when their
 * snapshot is whole.
 *
 * Contract: a slot may have so many bytes here that are not stored, and is told when they are; a part that cannot be
 * stored stays, since the snapshots behind it build upon it.
 */
export class SnapshotIntake {
  readonly chains = new SnapshotChains<ChainPart>();
  readonly #context: IntakeContext;
  readonly #arriving = new Map<string, Arriving>();

  constructor(context: IntakeContext) {
    this.#context = context;
  }

  /** Parts of a snapshot; they are stored while the subtask writes on. */
  take({ checkpointId, vertex, subtask, parts }: HandedParts): void {
    const arriving = this.#arrivingOf(writerOf(vertex, subtask), checkpointId);
    for (const part of parts) {
      const link = new ChainPart(subtask, part);
      arriving.parts.push(link);
      void this.#save(link).catch((error: unknown) => this.#context.failed(checkpointId, error));
    }
  }

  /** The snapshot of a subtask is whole, whatever has become of its checkpoint; gives its parts. */
  end({ checkpointId, vertex, subtask, continued }: Acknowledgement): readonly ChainPart[] {
    const writer = writerOf(vertex, subtask);
    const { parts } = this.#arrivingOf(writer, checkpointId);
    this.#arriving.delete(writer);
    this.#drop(this.chains.apply(writer, parts, continued));
    return parts;
  }

  /** Resolves when every part of the subtask's chains is stored. */
  async stored(vertex: number, subtask: number): Promise<void> {
    const parts = [...this.chains.of(writerOf(vertex, subtask))];
    await Promise.all(parts.map((part) => this.#save(part)));
  }

  /** Tries again what could not be stored. */
  retry(checkpointId: number): void {
    for (const part of this.held()) {
      if (part.stored || part.saving) continue;
      void this.#save(part).catch((error: unknown) => this.#context.failed(checkpointId, error));
    }
  }

  /** Every part that is needed or may be. */
  *held(): Iterable<ChainPart> {
    yield* this.chains.all();
    for (const { parts } of this.#arriving.values()) yield* parts;
  }

  /** What is left of an older snapshot was given up by its subtask. */
  #arrivingOf(writer: string, checkpointId: number): Arriving {
    const present = this.#arriving.get(writer);
    if (present?.checkpointId === checkpointId) return present;
    if (present !== undefined) this.#drop(present.parts);
    const arriving = { checkpointId, parts: [] };
    this.#arriving.set(writer, arriving);
    return arriving;
  }

  async #save(part: ChainPart): Promise<void> {
    try {
      await part.save(this.#context.store);
    } finally {
      if (part.stored || part.dropped) this.#release(part);
    }
  }

  #drop(parts: readonly ChainPart[]): void {
    for (const part of parts) {
      part.dropped = true;
      // One that is being written gives back its bytes when that is over, as it needs them until then.
      if (!part.saving) this.#release(part);
    }
  }

  #release(part: ChainPart): void {
    const bytes = part.release();
    if (bytes > 0) this.#context.released(part.slot, bytes);
  }
}

/** Of chains: subtask i of a vertex. */
export function writerOf(vertex: number, subtask: number): string {
  return `${vertex}:${subtask}`;
}
