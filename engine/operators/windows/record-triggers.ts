import { CONTINUE, FIRE, type WindowTrigger } from './trigger.ts';

/** Fires for every `count` records. Counts of windows that merge add up. Source: `CountTrigger`. */
export function countTrigger(count: number, slot: number): WindowTrigger {
  return {
    onRecord({ slots }) {
      const seen = ((slots[slot] as number | undefined) ?? 0) + 1; // only this trigger writes its slot
      slots[slot] = seen >= count ? undefined : seen;
      return seen >= count ? FIRE : CONTINUE;
    },
    onEventTime: () => CONTINUE,
    onProcessingTime: () => CONTINUE,
    absorb({ slots }, absorbed) {
      const sum = Number(slots[slot] ?? 0) + Number(absorbed.slots[slot] ?? 0);
      slots[slot] = sum === 0 ? undefined : sum;
    },
    merged: () => undefined,
    clear({ slots }) {
      slots[slot] = undefined;
    },
  };
}

/** What tells how far two records are apart. */
export type Delta = (last: unknown, now: unknown) => number;

/**
 * Fires for a record that is more than `threshold` away from the one that fired last; the first one is only
 * remembered, and a purge does not forget it. Source: `DeltaTrigger`.
 */
export function deltaTrigger(threshold: number, delta: Delta, slot: number): WindowTrigger {
  return {
    onRecord({ slots }, value) {
      const last = slots[slot];
      if (last !== undefined && !(delta(last, value) > threshold)) {
        return CONTINUE;
      }
      slots[slot] = value;
      return last === undefined ? CONTINUE : FIRE;
    },
    onEventTime: () => CONTINUE,
    onProcessingTime: () => CONTINUE,
    absorb: () => undefined,
    merged: () => undefined,
    clear({ slots }) {
      slots[slot] = undefined;
    },
  };
}
