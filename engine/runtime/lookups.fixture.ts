/** A slow service for the tests of asynchronous calls, in the time of a simulated world. */
import type { SimulatedHost } from './simulated-host.ts';

/** Answers every call after a while of its own; a new process is a new world, and the old one's answers never come. */
export class Lookups {
  /** Calls that were made in all processes. */
  calls = 0;
  /** Calls of the present process that are open. */
  open = 0;
  openMost = 0;
  /** Says when a call fails, by its number. */
  fails: (call: number) => boolean = () => false;
  #host: SimulatedHost | undefined;
  #held: (() => void)[] | undefined;

  /** A process has started. */
  enter(host: SimulatedHost): void {
    this.#host = host;
    this.open = 0;
  }

  /** Answers nothing until `release`. */
  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const answer of held) answer();
  }

  readonly ask = <T>(value: T): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const [host, call] = [this.#host, (this.calls += 1)];
    this.open += 1;
    this.openMost = Math.max(this.openMost, this.open);
    const answer = () => {
      if (host === this.#host) this.open -= 1;
      if (this.fails(call)) reject(new Error(`lookup ${call} failed`));
      else resolve(value);
    };
    if (this.#held !== undefined) this.#held.push(answer);
    else host?.schedule(1 + Math.floor(host.random() * 20), answer);
    return promise;
  };
}
