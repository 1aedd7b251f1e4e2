import type { Cancel, Host } from '../host.ts';
import { ownsDeployment, type HeadOwner } from './coordinator/head.ts';
import { decodeJson, encodeJson } from './coordinator/json-object.ts';
import { storageKeys } from './coordinator/storage-keys.ts';
import type { FaultHistory } from './fault-log.ts';
import type { UndecodableSample } from './job-status.ts';

/** A stream of nothing but broken records must not become a stream of writes. */
const WRITE_EVERY_MS = 5000;

/** What people want to know of a job when its process is gone. */
export interface DiaryPage {
  readonly faults: FaultHistory;
  readonly undecodable: readonly UndecodableSample[];
}

/**
 * Keeps faults and samples of broken records where the next process of the same job finds them.
 *
 * Contract: it is for people, nothing hangs on it: what cannot be read or written is left out. The job of the newest
 * epoch alone writes it: what befalls one that was replaced is no fault of its successor.
 */
export class JobDiary {
  readonly #host: Pick<Host, 'storage' | 'schedule'>;
  readonly #job: HeadOwner;
  readonly #key: string;
  #timer: Cancel | undefined;
  /** The newest page that is not yet written. */
  #waiting: Uint8Array | undefined;
  #writing = false;
  #forsaken = false;

  constructor(host: Pick<Host, 'storage' | 'schedule'>, job: HeadOwner) {
    this.#host = host;
    this.#job = job;
    this.#key = storageKeys.diary(job);
  }

  async read(): Promise<DiaryPage | undefined> {
    const found = await this.#host.storage.get(this.#key).catch(() => undefined);
    if (found === undefined) return undefined;
    try {
      // Written by `write` alone.
      return decodeJson(this.#key, found.bytes) as unknown as DiaryPage;
    } catch {
      return undefined;
    }
  }

  /** Writes now. */
  write(page: DiaryPage): void {
    this.#timer?.();
    this.#write(page);
  }

  /** Writes soon, and what `page` gives then. */
  note(page: () => DiaryPage): void {
    this.#timer ??= this.#host.schedule(WRITE_EVERY_MS, () => this.#write(page()));
  }

  /** Writes what waits to be written. Nobody waits for it: a storage that hangs must not keep a job from its end. */
  close(page: () => DiaryPage): void {
    if (this.#timer !== undefined) this.write(page());
  }

  /** The job has lost its epoch: from here on the diary is another's. */
  forsake(): void {
    this.#timer?.();
    this.#timer = undefined;
    this.#waiting = undefined;
    this.#forsaken = true;
  }

  #write(page: DiaryPage): void {
    this.#timer = undefined;
    if (this.#forsaken) return;
    this.#waiting = encodeJson(page);
    if (!this.#writing) void this.#writeAll();
  }

  /** One page after the other, so that an older one never lands on a newer one. */
  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting !== undefined) {
      const page = this.#waiting;
      this.#waiting = undefined;
      await this.#writeOwned(page).catch(() => undefined);
    }
    this.#writing = false;
  }

  async #writeOwned(page: Uint8Array): Promise<void> {
    const { storage } = this.#host;
    const owned = await ownsDeployment(storage, this.#job);
    if (!owned) this.forsake();
    else if (!this.#forsaken) await storage.put(this.#key, page);
  }
}
