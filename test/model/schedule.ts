/** Who decides what happens next: chance under a seed, or a list of the places where it is not the first choice. */
import type { Choice } from './choices.ts';

export interface Schedule {
  choose(choices: readonly Choice[]): Choice;
}

/** mulberry32: small, and the same on every machine. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of<T>(items: readonly T[]): T {
    const found = items[this.below(items.length)];
    if (found === undefined) throw new Error('Cannot choose from nothing');
    return found;
  }
}

export function randomSchedule(dice: Dice, faultRate: number): Schedule {
  return {
    choose(choices) {
      const faults = choices.filter(({ fault }) => fault !== undefined);
      if (faults.length > 0 && dice.next() < faultRate) {
        const place = dice.of([...new Set(faults.map(({ fault }) => fault))]);
        return dice.of(faults.filter(({ fault }) => fault === place));
      }
      const regular = choices.filter(({ fault }) => fault === undefined);
      let left = dice.next() * regular.reduce((sum, { weight }) => sum + weight, 0);
      for (const choice of regular) {
        left -= choice.weight;
        if (left <= 0) return choice;
      }
      return dice.of(regular);
    },
  };
}

/** One place where something else happens than the first choice. */
export interface Deviation {
  readonly at: number;
  readonly choice: number;
}

/** Always the first choice but at the given places; `seen` tells what might have happened at each. */
export function deviatingSchedule(deviations: readonly Deviation[], seen: string[][] = []): Schedule {
  let at = 0;
  const byPlace = new Map(deviations.map(({ at, choice }) => [at, choice]));
  return {
    choose(choices) {
      const chosen = choices[byPlace.get(at) ?? 0] ?? choices[0];
      seen.push(choices.map(({ label }) => label));
      at += 1;
      if (chosen === undefined) throw new Error('Cannot choose from nothing');
      return chosen;
    },
  };
}
