import { SimulatedHost } from '#engine/runtime/simulated-host.ts';
import { Dice } from '../../pipelines/dice.ts';

/**
 * Everything outside the processes of a run: one clock, one seed, and the list of what must never happen and did.
 */
export class World {
  readonly dice: Dice;
  readonly violations: string[] = [];
  readonly #host: SimulatedHost;
  readonly #startedAt: number;
  readonly #say: ((line: string) => void) | undefined;

  constructor(seed: number, say?: (line: string) => void) {
    this.dice = new Dice(seed);
    this.#host = new SimulatedHost({ seed });
    this.#startedAt = this.now();
    this.#say = say;
  }

  now(): number {
    return this.#host.clock.now();
  }

  random(): number {
    return this.#host.random();
  }

  schedule(delayMs: number, task: () => void): () => void {
    return this.#host.schedule(delayMs, task);
  }

  defer(task: () => void): void {
    this.#host.defer(task);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#host.schedule(ms, resolve);
    });
  }

  /** Runs until `done`; false when it does not come within so much simulated time. */
  runUntil(done: () => boolean, limitMs: number): Promise<boolean> {
    return this.#host.runUntil(() => done() || this.violations.length > 0, limitMs);
  }

  /** Something happened that must not. */
  violated(what: string): void {
    this.violations.push(what);
    this.trace(() => `VIOLATION ${what}`);
  }

  /** A line of the story of this run, which is made only where somebody listens. */
  trace(line: () => string): void {
    this.#say?.(`${String(this.now() - this.#startedAt).padStart(6)} ms  ${line()}`);
  }
}
