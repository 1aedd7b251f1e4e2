import { describe, expect, test } from 'vitest';
import { Emitter } from './emitter.ts';
import type { Cursor, PaymentStream } from './emitter.ts';
import { randomAt } from './random.ts';
import { createSimulation, paymentId } from './simulation.ts';

class Crash extends Error {}

const simulation = createSimulation({ seed: 1, ratePerSecond: 500, skew: 1, lateShare: 0, corruptShare: 0 });

/** The stream and the cursor outlive the emitters; a sentinel share of calls fails in every way there is. */
class World {
  now = 1_800_000_000_000;
  crashes = 0;
  readonly records: { key: string; time: number; text: string }[] = [];
  cursor: Cursor | undefined;
  #calls = 0;
  readonly #seed: number;
  readonly #faultShare: number;

  constructor(seed: number, faultShare: number) {
    this.#seed = seed;
    this.#faultShare = faultShare;
  }

  emitter(options: { count?: number; startAt?: number }): Emitter {
    return new Emitter({
      simulation,
      stream: this.#stream(),
      cursors: {
        load: async () => this.cursor,
        save: async (cursor) => {
          this.#mayCrash();
          this.cursor = cursor;
        },
      },
      now: () => this.now,
      warn: () => {},
      sleep: async (ms) => {
        this.now += ms;
      },
      ...options,
    });
  }

  #stream(): PaymentStream {
    return {
      append: async (records) => {
        this.#mayCrash();
        const fault = this.#random();
        if (fault < this.#faultShare) throw new Error('the request was not sent');
        const refused = records.flatMap((_, position) =>
          this.#random() < this.#faultShare / 4 ? [position] : [],
        );
        for (const [position, { key, data }] of records.entries()) {
          if (refused.includes(position)) continue;
          this.records.push({ key, time: this.now, text: new TextDecoder().decode(data) });
        }
        this.#mayCrash();
        if (fault < 2 * this.#faultShare) throw new Error('the answer was lost');
        return refused;
      },
      keysSince: async function* (this: World, time: number) {
        for (const record of this.records) if (record.time >= time) yield record.key;
      }.bind(this),
    };
  }

  #mayCrash(): void {
    if (this.#random() >= this.#faultShare) return;
    this.crashes++;
    throw new Crash();
  }

  #random(): number {
    return randomAt(this.#seed, 0, this.#calls++);
  }
}

/** Begins a new emitter after every crash; one that is caught as a lost answer goes on by itself. */
async function runUntilDone(world: World, options: { count: number; startAt?: number }): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    try {
      await world.emitter(options).run();
      return;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
  throw new Error('the emitter crashed 500 times');
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => paymentId(index));

describe('emitter', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'sends each payment once through crashes and lost answers, seed %i',
    async (seed) => {
      const world = new World(seed, 0.04);
      await runUntilDone(world, { count: 5000, startAt: world.now });
      expect(world.crashes).toBeGreaterThan(0);
      expect(world.records.map(({ key }) => key).sort()).toEqual(ids(5000));
    },
  );

  test('sends payments in order and not before they are due', async () => {
    const world = new World(1, 0);
    const begin = world.now;
    await world.emitter({ count: 1000 }).run();
    expect(world.records.map(({ key }) => key)).toEqual(ids(1000));
    expect(world.records.at(-1)?.time).toBeGreaterThanOrEqual(begin + 1998);
  });

  test('goes on from now after a long absence', async () => {
    const world = new World(1, 0);
    await world.emitter({ count: 500 }).run();
    world.now += 3_600_000;
    const resumed = world.now;
    await world.emitter({ count: 1000 }).run();
    expect(world.records.map(({ key }) => key)).toEqual(ids(1000));
    const times = world.records.slice(500).map(({ text }) => (JSON.parse(text) as { at: number }).at);
    expect(Math.min(...times)).toBeGreaterThan(resumed - 10_000);
  });

  test('keeps a fixed schedule however long it was away', async () => {
    const world = new World(1, 0);
    const startAt = world.now;
    await world.emitter({ count: 500, startAt }).run();
    world.now += 3_600_000;
    await world.emitter({ count: 1000, startAt }).run();
    const expected = ids(1000).map((_, index) => simulation.payment(index, { index: 0, at: startAt }));
    expect(world.records.map(({ text }) => JSON.parse(text) as unknown)).toEqual(expected);
  });

  test('stops when told to, with its cursor saved behind the last payment', async () => {
    const world = new World(1, 0);
    const emitter = world.emitter({});
    const running = emitter.run();
    await Promise.resolve();
    emitter.stop();
    await running;
    expect(world.cursor?.next).toBe(world.records.length);
  });
});
