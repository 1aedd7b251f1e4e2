/** Storage whose calls come about in any order, fail, and take effect when nobody expects it any more. */
import type { CheckpointStorage, StoredObject, WriteCondition } from '../../host.ts';

/** What may become of a call, with its share of all calls. */
const FATES = [
  { fate: 'refused', share: 0.02 },
  { fate: 'answer-lost', share: 0.02 },
  { fate: 'late', share: 0.02 },
] as const;

/** A process: when it is dead its calls are never answered, and those on their way may still come about. */
export interface Life {
  dead: boolean;
}

/** Who is next, by one seed. */
export class Turns {
  readonly #random: () => number;
  readonly #waiting: (() => void)[] = [];
  steps = 0;
  /** From here on nothing fails any more. */
  calm = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  wait(): Promise<void> {
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }

  fate(): (typeof FATES)[number]['fate'] | 'served' {
    let dice = this.calm ? 1 : this.#random();
    for (const { fate, share } of FATES) {
      if (dice < share) return fate;
      dice -= share;
    }
    return 'served';
  }

  /** Lets one call come about; false when nobody waits. */
  async step(): Promise<boolean> {
    const [next] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1);
    if (next === undefined) return false;
    this.steps += 1;
    next();
    await settled();
    return true;
  }
}

/** All promises that can go on have gone on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** One process's way to a storage that others use at the same time. */
export class TurnStorage implements CheckpointStorage {
  readonly #storage: CheckpointStorage;
  readonly #turns: Turns;
  readonly #life: Life;

  constructor(storage: CheckpointStorage, turns: Turns, life: Life) {
    this.#storage = storage;
    this.#turns = turns;
    this.#life = life;
  }

  put(key: string, bytes: Uint8Array, condition?: WriteCondition): Promise<{ readonly etag: string }> {
    return this.#call(() => this.#storage.put(key, bytes, condition));
  }

  get(key: string): Promise<StoredObject | undefined> {
    return this.#call(() => this.#storage.get(key));
  }

  async *list(prefix: string): AsyncIterable<string> {
    const keys = await this.#call(async () => {
      const found: string[] = [];
      for await (const key of this.#storage.list(prefix)) found.push(key);
      return found;
    });
    yield* keys;
  }

  delete(keys: readonly string[]): Promise<void> {
    return this.#call(() => this.#storage.delete(keys));
  }

  async #call<T>(serve: () => Promise<T>): Promise<T> {
    await this.#turns.wait();
    const fate = this.#turns.fate();
    if (fate === 'served') {
      const [outcome] = await Promise.allSettled([serve()]);
      return this.#alive(outcome);
    }
    if (fate === 'answer-lost') await serve().catch(() => undefined);
    if (fate === 'late')
      void this.#turns
        .wait()
        .then(serve)
        .catch(() => undefined);
    return this.#alive({ status: 'rejected', reason: new Error(`The storage did not answer: ${fate}`) });
  }

  /** A dead process hears nothing. */
  async #alive<T>(outcome: PromiseSettledResult<T>): Promise<T> {
    await this.#turns.wait();
    if (this.#life.dead) return new Promise(() => undefined);
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }
}
