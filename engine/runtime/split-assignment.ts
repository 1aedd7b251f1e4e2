import type { Split } from '../connectors/connector.ts';

/** Splits that a subtask is to read from now on. */
export interface SplitsForSubtask {
  readonly subtask: number;
  readonly splits: readonly Split[];
}

/**
 * Which subtask reads which split of a source.
 *
 * Contract: a split is given out once, after all of its parents that are known have been finished; always to
 * the subtask with the fewest unfinished splits, ties to the lowest. So the assignment is a function of the
 * order of calls.
 */
export class SplitAssignment {
  readonly #load: number[];
  /** Every split ever heard of: id → finished. */
  readonly #known = new Map<string, boolean>();
  readonly #finished = new Map<string, Split>();
  readonly #owner = new Map<string, number>();
  #waiting: Split[] = [];

  constructor(parallelism: number) {
    this.#load = Array.from({ length: parallelism }, () => 0);
  }

  get known(): ReadonlyMap<string, boolean> {
    return this.#known;
  }

  /**
   * Splits that were finished before this attempt: no reader holds them, yet every checkpoint must carry them
   * on.
   */
  get finishedBefore(): readonly Split[] {
    return [...this.#finished.values()];
  }

  /** True when no split waits for its parents. */
  get allGiven(): boolean {
    return this.#waiting.length === 0;
  }

  /** Adds splits of a checkpoint or of a discovery; those that are known are passed over. */
  add(splits: readonly Split[]): void {
    for (const split of splits) {
      if (this.#known.has(split.id)) continue;
      this.#known.set(split.id, split.finished === true);
      if (split.finished === true) this.#finished.set(split.id, split);
      else this.#waiting.push(split);
    }
  }

  finish(id: string): void {
    this.#known.set(id, true);
    const owner = this.#owner.get(id);
    if (owner === undefined) return;
    this.#owner.delete(id);
    this.#load[owner] = (this.#load[owner] ?? 0) - 1;
  }

  /** Gives out what may be read now. */
  take(): readonly SplitsForSubtask[] {
    const ready = this.#waiting.filter((split) => this.#mayStart(split));
    this.#waiting = this.#waiting.filter((split) => !ready.includes(split));
    const bySubtask = new Map<number, Split[]>();
    for (const split of ready) {
      const subtask = this.#load.indexOf(Math.min(...this.#load));
      this.#load[subtask] = (this.#load[subtask] ?? 0) + 1;
      this.#owner.set(split.id, subtask);
      bySubtask.set(subtask, [...(bySubtask.get(subtask) ?? []), split]);
    }
    return [...bySubtask].map(([subtask, splits]) => ({ subtask, splits }));
  }

  #mayStart({ parents = [] }: Split): boolean {
    return parents.every((parent) => this.#known.get(parent) !== false);
  }
}
