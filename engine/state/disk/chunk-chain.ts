import { StateDiskError } from './state-disk-error.ts';
import type { StoredChunk } from './stored-chunk.ts';

/**
 * The written chunks of a store in the order in which a restore reads them, and which of them snapshots have handed
 * over.
 *
 * Contract: from `begin` to `handedOver` no chunk goes. What is written meanwhile and was not owed belongs to the next
 * snapshot.
 */
export class ChunkChain {
  #snapshot: 'none' | 'begun' | 'ended' = 'none';
  /** Handed over; those that are gone stay until a snapshot has said so. */
  #sent: StoredChunk[] = [];
  #unsent: StoredChunk[] = [];
  #later: StoredChunk[] = [];

  get inSnapshot(): boolean {
    return this.#snapshot !== 'none';
  }

  /** Gives the places of chunks that are gone, among all that were handed over; `whole` hands over all anew. */
  begin(whole: boolean): readonly number[] {
    if (this.inSnapshot) throw new StateDiskError('Cannot begin a snapshot: the one before is on its way');
    this.#snapshot = 'begun';
    const dropped = this.#sent.flatMap(({ gone }, place) => (gone ? [place] : []));
    this.#sent = this.#sent.filter(({ gone }) => !gone);
    if (!whole) return dropped;
    this.#unsent = [...this.#sent, ...this.#unsent];
    this.#sent = [];
    return [];
  }

  /** Gives the chunks of the snapshot. */
  end(): readonly StoredChunk[] {
    const added = this.#unsent;
    this.#sent = [...this.#sent, ...added];
    this.#unsent = this.#later;
    this.#later = [];
    this.#snapshot = 'ended';
    return added;
  }

  handedOver(): void {
    this.#snapshot = 'none';
  }

  /** A chunk was written; `owed` when the snapshot that has begun is to have it. */
  add(chunk: StoredChunk, owed: boolean): void {
    (owed || this.#snapshot !== 'begun' ? this.#unsent : this.#later).push(chunk);
  }

  /** A chunk was read from a snapshot, as if it had been handed over. */
  adopt(chunk: StoredChunk): void {
    this.#sent.push(chunk);
  }

  /** Of chunks that are gone, forgets those that nobody was told of. */
  forgetGone(): void {
    this.#unsent = this.#unsent.filter(({ gone }) => !gone);
  }

  get chunks(): readonly StoredChunk[] {
    return [...this.#sent, ...this.#unsent].filter(({ gone }) => !gone);
  }

  get oldest(): StoredChunk | undefined {
    return this.#sent.find(({ gone }) => !gone) ?? this.#unsent[0];
  }
}
