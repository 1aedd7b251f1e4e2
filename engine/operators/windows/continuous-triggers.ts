import { MAX_WATERMARK } from '../../data/record-batch.ts';
import { CONTINUE, FIRE, type TriggerScope, type WindowTrigger } from './trigger.ts';
import type { WindowEntry } from './window-entry.ts';

/** An interval, and the slot that holds when it ends next. */
export interface ContinuousOptions {
  readonly intervalMs: number;
  readonly slot: number;
}

/**
 * Fires at every full interval of event time, and at the end of the window. The first interval begins at the time of
 * the first record, cut down to a full interval towards zero. Source: `ContinuousEventTimeTrigger`.
 */
export function continuousEventTimeTrigger(
  scope: TriggerScope,
  { intervalMs, slot }: ContinuousOptions,
): WindowTrigger {
  const setNext = (window: WindowEntry, from: number): void => {
    const next = Math.min(from + intervalMs, window.maxTime);
    window.slots[slot] = next;
    scope.setEventTimer(window, next);
  };
  return {
    onRecord(window, _, time) {
      if (window.maxTime <= scope.watermark) {
        return FIRE;
      }
      scope.setEventTimer(window, window.maxTime);
      if (window.slots[slot] === undefined) {
        setNext(window, time - (time % intervalMs));
      }
      return CONTINUE;
    },
    onEventTime(window, time) {
      if (time === window.maxTime) {
        return FIRE;
      }
      if (window.slots[slot] !== time) {
        return CONTINUE;
      }
      // Flink goes on for 292 million years after the end of the input when a window has none itself; here the timer
      // for the end of the window, which every record sets, is the next one.
      if (scope.watermark !== MAX_WATERMARK || window.maxTime !== MAX_WATERMARK) {
        setNext(window, time);
      }
      return FIRE;
    },
    onProcessingTime: () => CONTINUE,
    absorb: (window, absorbed) => keepEarlier(window, absorbed, slot),
    merged(window) {
      const next = window.slots[slot];
      if (typeof next === 'number') {
        scope.setEventTimer(window, next);
      }
    },
    clear(window) {
      const next = window.slots[slot];
      if (typeof next === 'number') {
        scope.deleteEventTimer(window, next);
        window.slots[slot] = undefined;
      }
    },
  };
}

/**
 * Fires at every full interval of the clock, for the last time at the end of the window, which also in windows of event
 * time is compared with the clock. Source: `ContinuousProcessingTimeTrigger`.
 */
export function continuousProcessingTimeTrigger(
  scope: TriggerScope,
  { intervalMs, slot }: ContinuousOptions,
): WindowTrigger {
  const setNext = (window: WindowEntry, from: number): void => {
    const next = Math.min(from + intervalMs, window.maxTime);
    window.slots[slot] = next;
    scope.setProcessingTimer(window, next);
  };
  return {
    onRecord(window) {
      if (window.slots[slot] === undefined) {
        const now = scope.now();
        setNext(window, now - (now % intervalMs));
      }
      return CONTINUE;
    },
    onEventTime: () => CONTINUE,
    onProcessingTime(window, time) {
      if (time === window.maxTime) {
        return FIRE;
      }
      if (window.slots[slot] !== time) {
        return CONTINUE;
      }
      setNext(window, time);
      return FIRE;
    },
    absorb: (window, absorbed) => keepEarlier(window, absorbed, slot),
    merged(window) {
      const next = window.slots[slot];
      if (typeof next === 'number') {
        scope.setProcessingTimer(window, next);
      }
    },
    clear(window) {
      const next = window.slots[slot];
      if (typeof next === 'number') {
        scope.deleteProcessingTimer(window, next);
        window.slots[slot] = undefined;
      }
    },
  };
}

function keepEarlier({ slots }: WindowEntry, absorbed: WindowEntry, slot: number): void {
  const [own, other] = [slots[slot], absorbed.slots[slot]];
  if (typeof other === 'number') {
    slots[slot] = typeof own === 'number' ? Math.min(own, other) : other;
  }
}
