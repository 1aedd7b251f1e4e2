import { setTimeout as delay } from 'node:timers/promises';
import { readingOf, readingsOf, type Feed, type Reading } from '../pipelines/reading.ts';
import type { Stores } from './stores.ts';

const EVERY_MS = 50;
const READINGS = 4;

/** Readings of this key only push event time on; nobody asks what became of them. */
export const CLOSING_KEY = '~end';
const FAR_MS = 86_400_000;

/** Puts a feed into a stream, a little at a time, until it is told to come to an end. */
export class Feeder {
  readonly #stores: Stores;
  readonly #stream: string;
  readonly #feed: Omit<Feed, 'count'>;
  #count = 0;
  #ending = false;
  #done: Promise<void> | undefined;

  constructor(stores: Stores, stream: string, feed: Omit<Feed, 'count'>) {
    this.#stores = stores;
    this.#stream = stream;
    this.#feed = feed;
  }

  start(): void {
    this.#done = this.#run();
  }

  /** Ends the stream with readings so late that every window fires; gives all that was put before them. */
  async end(): Promise<readonly Reading[]> {
    this.#ending = true;
    await this.#done;
    const closing = { key: CLOSING_KEY, n: 0, at: this.#reading(this.#count, 0).at + FAR_MS };
    await this.#putEach(() => [closing]);
    return readingsOf({ ...this.#feed, count: this.#count });
  }

  async #run(): Promise<void> {
    while (!this.#ending) {
      const from = this.#count;
      await this.#putEach((split) =>
        Array.from({ length: READINGS }, (_, index) => this.#reading(from + index, split)),
      );
      this.#count += READINGS;
      await delay(EVERY_MS);
    }
  }

  async #putEach(readings: (split: number) => readonly Reading[]): Promise<void> {
    const { splits } = this.#feed;
    for (let split = 0; split < splits; split += 1)
      await this.#stores.put(this.#stream, { shard: split, of: splits }, readings(split));
  }

  #reading(index: number, split: number): Reading {
    return readingOf({ ...this.#feed, count: 0 }, index, split);
  }
}
