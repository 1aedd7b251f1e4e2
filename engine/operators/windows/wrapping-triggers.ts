import {
  FIRE,
  FIRE_AND_PURGE,
  fires,
  purges,
  type TriggerResult,
  type TriggerScope,
  type WindowTrigger,
} from './trigger.ts';
import type { WindowEntry } from './window-entry.ts';

/** Fires when `inner` does, and purges then. Source: `PurgingTrigger`. */
export function purgingTrigger(inner: WindowTrigger): WindowTrigger {
  const purging = (result: TriggerResult): TriggerResult => (fires(result) ? FIRE_AND_PURGE : result);
  return {
    onRecord: (window, value, time) => purging(inner.onRecord(window, value, time)),
    onEventTime: (window, time) => purging(inner.onEventTime(window, time)),
    onProcessingTime: (window, time) => purging(inner.onProcessingTime(window, time)),
    absorb: (window, absorbed) => inner.absorb(window, absorbed),
    merged: (window) => inner.merged(window),
    clear: (window) => inner.clear(window),
  };
}

/** How a timeout works, and the slot that holds when it ends. */
export interface TimeoutOptions {
  readonly timeoutMs: number;
  readonly resetOnRecord: boolean;
  readonly clearOnTimeout: boolean;
  readonly slot: number;
}

/**
 * Fires when `inner` does, and when the clock says that so much time has passed since the first record of a firing.
 * Source: `ProcessingTimeoutTrigger`.
 */
export function processingTimeoutTrigger(
  scope: TriggerScope,
  inner: WindowTrigger,
  { timeoutMs, resetOnRecord, clearOnTimeout, slot }: TimeoutOptions,
): WindowTrigger {
  const takeBack = (window: WindowEntry): void => {
    const timeout = window.slots[slot];
    if (typeof timeout === 'number') {
      scope.deleteProcessingTimer(window, timeout);
      window.slots[slot] = undefined;
    }
  };
  const clear = (window: WindowEntry): void => {
    takeBack(window);
    inner.clear(window);
  };
  // Any timer of the window counts as a timeout, also those of its end and of its cleanup.
  const onTimer = (window: WindowEntry, result: TriggerResult): TriggerResult => {
    if (clearOnTimeout) {
      clear(window);
    }
    return purges(result) ? FIRE_AND_PURGE : FIRE;
  };
  return {
    onRecord(window, value, time) {
      const result = inner.onRecord(window, value, time);
      if (fires(result)) {
        clear(window);
        return result;
      }
      if (resetOnRecord) {
        takeBack(window);
      }
      if (window.slots[slot] === undefined) {
        const timeout = scope.now() + timeoutMs;
        window.slots[slot] = timeout;
        scope.setProcessingTimer(window, timeout);
      }
      return result;
    },
    onEventTime: (window, time) => onTimer(window, inner.onEventTime(window, time)),
    onProcessingTime: (window, time) => onTimer(window, inner.onProcessingTime(window, time)),
    absorb: () => undefined,
    merged: () => undefined,
    clear,
  };
}
