import type { CheckpointStorage, StoredObject, WriteCondition } from '#engine/host.ts';
import type { Dice } from '../../pipelines/dice.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { World } from './world.ts';

/** How likely it is that a request goes wrong, and how; it changes while processes run. */
export interface Weather {
  /** The service refuses; nothing has happened. */
  refused: number;
  /** It has happened, and the answer is lost. */
  lost: number;
  /** The answer takes longer than a checkpoint may. */
  slow: number;
}

export const FAIR: Readonly<Weather> = { refused: 0, lost: 0, slow: 0 };

const TRAVEL_MS = 2;
const SLOW_MS = 150;

interface Ends {
  readonly process: SimulatedProcess;
  readonly world: World;
  readonly store: CheckpointStorage;
  readonly weather: Weather;
  readonly dice: Dice;
}

/**
 * The way of a process to its storage. A request that is on its way arrives though its sender has died, or it does
 * not; both happen.
 */
export class Connection implements CheckpointStorage {
  readonly #ends: Ends;

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  put(key: string, bytes: Uint8Array, condition?: WriteCondition): Promise<{ readonly etag: string }> {
    const sent = bytes.slice();
    return this.#ask(`put ${key}`, () => this.#ends.store.put(key, sent, condition));
  }

  get(key: string): Promise<StoredObject | undefined> {
    return this.#ask(`get ${key}`, async () => {
      const found = await this.#ends.store.get(key);
      return found === undefined ? undefined : { ...found, bytes: found.bytes.slice() };
    });
  }

  async *list(prefix: string): AsyncIterable<string> {
    yield* await this.#ask(`list ${prefix}`, async () => {
      const keys: string[] = [];
      for await (const key of this.#ends.store.list(prefix)) keys.push(key);
      return keys;
    });
  }

  delete(keys: readonly string[]): Promise<void> {
    return this.#ask(`delete ${keys.join(' ')}`, () => this.#ends.store.delete(keys));
  }

  #ask<T>(what: string, effect: () => Promise<T>): Promise<T> {
    const { world, process, dice } = this.#ends;
    const fate = this.#fate();
    const slowMs = fate === 'slow' ? dice.whole(20, SLOW_MS) : 0;
    const backMs = dice.whole(0, TRAVEL_MS) + slowMs;
    if (fate !== 'fair') world.trace(() => `${process.name} ${fate}: ${what}`);
    return new Promise<T>((resolve, reject) => {
      const answer = (task: () => void) => process.schedule(backMs, task);
      const arrive = () => {
        if (process.dead && dice.chance(0.5)) return;
        if (fate === 'refused') {
          answer(() => reject(new Error(`Simulated 503 Slow Down: ${what}`)));
          return;
        }
        effect().then(
          (result) =>
            answer(() => {
              if (fate === 'lost') reject(new Error(`Simulated connection reset: ${what}`));
              else resolve(result);
            }),
          (error: unknown) => answer(() => reject(error)), // as it was thrown
        );
      };
      world.schedule(dice.whole(0, TRAVEL_MS), arrive);
    });
  }

  #fate(): 'fair' | 'refused' | 'lost' | 'slow' {
    const { refused, lost, slow } = this.#ends.weather;
    const drawn = this.#ends.dice.next();
    if (drawn < refused) return 'refused';
    if (drawn < refused + lost) return 'lost';
    return drawn < refused + lost + slow ? 'slow' : 'fair';
  }
}
