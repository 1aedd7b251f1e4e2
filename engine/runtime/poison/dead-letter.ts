import type { CheckpointStorage } from '../../host.ts';
import { decodeJson, encodeJson } from '../coordinator/json-object.ts';
import { NO_TIME } from '../../data/record-batch.ts';
import { Refusal } from '../coordinator/refusal.ts';
import { storageKeys } from '../coordinator/storage-keys.ts';
import type { DeadLetterView, Fault } from '../job-status.ts';
import type { EnteredRecord } from './entered-record.ts';

/** A record that a job goes on without. */
export interface DeadLetter {
  readonly record: EnteredRecord;
  /** The fault that it led to, the last of several. */
  readonly fault: Fault;
  readonly setAsideAtMs: number;
  readonly jobId: string;
  /** `replay`: no longer kept out, and to be put in where it was. */
  readonly status: 'set-aside' | 'replay';
}

/**
 * The dead letters of a deployment: one object each under `<prefix>/dead-letters/`.
 *
 * Contract: a letter is durable before its record is kept out for the first time. How often that was is part of the
 * checkpoints, so what is here need not be exact.
 */
export class DeadLetters {
  readonly #storage: CheckpointStorage;
  readonly #directory: string;
  readonly #letters = new Map<string, DeadLetter>();

  private constructor(storage: CheckpointStorage, prefix: string) {
    this.#storage = storage;
    this.#directory = storageKeys.deadLetters(prefix);
  }

  static async load(storage: CheckpointStorage, prefix: string): Promise<DeadLetters> {
    const letters = new DeadLetters(storage, prefix);
    for await (const key of storage.list(letters.#directory)) {
      const found = await storage.get(key);
      const letter = found === undefined ? undefined : letterOf(key, found.bytes);
      if (letter !== undefined) letters.#letters.set(letter.record.id, letter);
    }
    return letters;
  }

  get all(): readonly DeadLetter[] {
    return [...this.#letters.values()];
  }

  /** Records that are kept out now. */
  get waiting(): number {
    return this.all.filter(({ status }) => status === 'set-aside').length;
  }

  get views(): readonly DeadLetterView[] {
    return this.all.map(({ record, fault, ...letter }) => ({
      id: record.id,
      ...letter,
      ...(record.time === NO_TIME ? {} : { eventTimeMs: record.time }),
      fault,
    }));
  }

  /** Lets go of records that are to be put in again. Throws a `Refusal` on one that is not set aside. */
  async release(ids: readonly string[]): Promise<void> {
    const letters = ids.map((id) => {
      const letter = this.#letters.get(id);
      if (letter?.status === 'set-aside') return letter;
      const reason = letter === undefined ? 'there is none of this id' : 'it is being replayed already';
      throw new Refusal(`Cannot replay dead letter "${id}": ${reason}`);
    });
    for (const letter of letters) await this.put({ ...letter, status: 'replay' });
  }

  /** Resolves when the letter is durable. */
  async put(letter: DeadLetter): Promise<void> {
    const { frame, ...record } = letter.record;
    const content = { ...letter, record: { ...record, frame: Buffer.from(frame).toString('base64') } };
    await this.#storage.put(`${this.#directory}${record.id}.json`, encodeJson(content));
    this.#letters.set(record.id, letter);
  }
}

function letterOf(key: string, bytes: Uint8Array): DeadLetter {
  // Written by `put` alone; a field that is missing shows itself below.
  const content = decodeJson(key, bytes) as unknown as DeadLetter & { record: { frame: unknown } };
  const { record } = content;
  if (typeof record?.id !== 'string' || typeof record.frame !== 'string') {
    throw new Error(
      `Cannot read dead letter "${key}": it has no record; delete the object to go on without it`,
    );
  }
  return { ...content, record: { ...record, frame: new Uint8Array(Buffer.from(record.frame, 'base64')) } };
}
