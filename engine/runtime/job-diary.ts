import type { Cancel, Host } from '../host.ts';
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
 * Contract: it is for people, nothing hangs on it: what cannot be read or written is left out.
 */
export class JobDiary {
  readonly #host: Pick<Host, 'storage' | 'schedule'>;
  readonly #key: string;
  #timer: Cancel | undefined;

  constructor(
    host: Pick<Host, 'storage' | 'schedule'>,
    job: { readonly prefix: string; readonly jobId: string },
  ) {
    this.#host = host;
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

  #write(page: DiaryPage): void {
    this.#timer = undefined;
    this.#host.storage.put(this.#key, encodeJson(page)).catch(() => undefined);
  }
}
