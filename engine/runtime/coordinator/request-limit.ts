/**
 * Lets so many tasks run at a time; the others wait in the order they came.
 *
 * Storage answers slowly and takes many requests at once, yet a burst of thousands is slowed down or refused.
 */
export class RequestLimit {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await task();
    } finally {
      this.leave();
    }
  }

  /** Resolves when there is a place; it is taken until `leave`. */
  async enter(): Promise<void> {
    if (this.#free === 0) await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    else this.#free -= 1;
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
