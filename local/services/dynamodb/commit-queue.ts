/**
 * The one writer of a DynamoDB store. Writes run one after the other on an overlay, so that each sees all earlier
 * ones, and many of them share one synced commit: a disk flush costs milliseconds, running an action does not.
 */
import type { BatchOperation } from 'dynalite/db/index.js';
import { WriteSet } from './write-set.ts';

// Bounds what one commit holds in memory: 256 writes of 400 KB are the worst case.
const writesPerCommitMax = 256;

interface Write {
  readonly alone: false;
  run(group: WriteSet): Promise<() => void>;
  reject(error: unknown): void;
}
interface Exclusive {
  readonly alone: true;
  run(): Promise<void>;
}

/** Serializes writes and commits them in groups. Nothing is acknowledged before its commit is on disk. */
export class CommitQueue {
  readonly #commit: (operations: BatchOperation[]) => Promise<void>;
  readonly #waiting: (Write | Exclusive)[] = [];
  #running = false;
  #drained: Promise<void> = Promise.resolve();

  constructor(commit: (operations: BatchOperation[]) => Promise<void>) {
    this.#commit = commit;
  }

  /** Runs `work` on a fresh overlay; its writes are committed when it succeeds and forgotten when it throws. */
  write<T>(work: (writes: WriteSet) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#add({
        alone: false,
        reject,
        async run(group) {
          const writes = new WriteSet(group);
          try {
            const result = await work(writes);
            writes.mergeIntoParent();
            return () => resolve(result);
          } catch (error) {
            // A refusal may rest on writes of the same group, so it too waits for their commit.
            return () => reject(error);
          }
        },
      });
    });
  }

  /** Runs `work` while no write is under way and none is uncommitted: for tables and for consistent reads. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#add({ alone: true, run: () => work().then(resolve, reject) });
    });
  }

  /** Resolves when everything that was asked before has been committed. */
  async close(): Promise<void> {
    await this.#drained;
  }

  #add(entry: Write | Exclusive): void {
    this.#waiting.push(entry);
    if (this.#running) return;
    this.#running = true;
    this.#drained = this.#drain();
  }

  async #drain(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (next.alone) {
        this.#waiting.shift();
        await next.run();
      } else {
        await this.#commitGroup();
      }
    }
    // In the same turn as the last look at the queue, so that no entry can slip in between.
    this.#running = false;
  }

  async #commitGroup(): Promise<void> {
    const group = new WriteSet();
    const writes: Write[] = [];
    const acknowledgements: (() => void)[] = [];
    for (
      let next = this.#nextWrite(writes.length);
      next !== undefined;
      next = this.#nextWrite(writes.length)
    ) {
      writes.push(next);
      acknowledgements.push(await next.run(group));
    }
    try {
      if (group.size > 0) await this.#commit(group.operations());
    } catch (error) {
      for (const write of writes) write.reject(error);
      return;
    }
    for (const acknowledge of acknowledgements) acknowledge();
  }

  #nextWrite(taken: number): Write | undefined {
    const next = this.#waiting[0];
    if (next === undefined || next.alone || taken >= writesPerCommitMax) return undefined;
    this.#waiting.shift();
    return next;
  }
}
