import type {
  Cancel,
  CheckpointStorage,
  Clock,
  Compression,
  EngineEvent,
  Host,
  Scheduler,
} from '#engine/host.ts';
import { immediateZstd } from '#engine/runtime/coordinator/zstd.ts';
import type { Dice } from '../../pipelines/dice.ts';
import { Connection, type Weather } from './connection.ts';
import type { World } from './world.ts';

/** What a process is made of. */
export interface ProcessOptions {
  readonly name: string;
  readonly world: World;
  readonly store: CheckpointStorage;
  readonly weather: Weather;
  readonly dice: Dice;
  /** How likely it is for a slot to be held up before it does something. */
  readonly stalls: number;
  heard(event: EngineEvent): void;
}

const STALL_MS = 15;
const DRIFTS = 0.2;
const DRIFT_MS_MAX = 4;

/** Time passes while a slot works, so that it is interrupted in the middle of a snapshot. */
function driftingClock(world: World, dice: Dice): () => number {
  let last = 0;
  return () => {
    last = Math.max(last, world.now());
    if (dice.chance(DRIFTS) && last < world.now() + DRIFT_MS_MAX) last += 1;
    return last;
  };
}

interface Held {
  readonly task: () => void;
  cancelled: boolean;
}

/**
 * One operating system process of the simulated world: it may die at any moment, or stand still and go on later
 * without knowing.
 *
 * Contract: a dead process is never called again. A frozen one is called when it thaws, with all that came meanwhile,
 * in its order.
 */
export class SimulatedProcess implements Host {
  readonly name: string;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string>> = {};
  readonly storage: CheckpointStorage;
  readonly compression: Compression;
  readonly reporter = { report: (event: EngineEvent) => this.#options.heard(event) };
  readonly #options: ProcessOptions;
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #held: Held[] = [];

  constructor(options: ProcessOptions) {
    const { name, world, store, weather, dice } = options;
    this.#options = options;
    this.name = name;
    this.clock = { now: () => world.now() };
    // A pool of threads answers late; real compression is slow, so that one process in eight must do.
    const compresses = dice.chance(1 / 8);
    this.compression = {
      compress: async (bytes) => {
        const taken = await this.#later(bytes);
        return compresses ? immediateZstd.compress(taken) : taken;
      },
      decompress: async (bytes) => immediateZstd.decompress(await this.#later(bytes)),
    };
    this.storage = new Connection({ process: this, world, store, weather, dice });
  }

  get dead(): boolean {
    return this.#state === 'dead';
  }

  random(): number {
    return this.#options.dice.next();
  }

  schedule(delayMs: number, task: () => void): Cancel {
    const held = { task, cancelled: false };
    const cancel = this.#options.world.schedule(delayMs, () => this.#call(held));
    return () => {
      held.cancelled = true;
      cancel();
    };
  }

  defer(task: () => void): void {
    this.#options.world.defer(() => this.#call({ task, cancelled: false }));
  }

  /** Slots fall behind each other, as threads do: nothing of a slot happens until it is given time again. */
  slotScheduler(): Scheduler {
    const { dice, world, stalls } = this.#options;
    let until = 0;
    const inTurn = (task: () => void) => () => {
      if (world.now() >= until && dice.chance(stalls)) until = world.now() + dice.whole(1, STALL_MS);
      if (world.now() < until) this.schedule(until - world.now(), task);
      else task();
    };
    return {
      clock: { now: driftingClock(world, dice) },
      schedule: (delayMs, task) => {
        const held = { task, cancelled: false };
        const cancel = this.schedule(
          delayMs,
          inTurn(() => this.#call(held)),
        );
        return () => {
          held.cancelled = true;
          cancel();
        };
      },
      defer: (task) => this.defer(inTurn(task)),
    };
  }

  kill(): void {
    this.#state = 'dead';
    this.#held = [];
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    // At once: whatever comes from now on is behind them.
    for (const held of this.#held.splice(0)) this.#call(held);
  }

  #later<T>(value: T): Promise<T> {
    return new Promise((resolve) => {
      this.schedule(this.#options.dice.whole(0, 2), () => resolve(value));
    });
  }

  #call(held: Held): void {
    if (held.cancelled || this.#state === 'dead') return;
    if (this.#state === 'frozen') this.#held.push(held);
    else held.task();
  }
}
