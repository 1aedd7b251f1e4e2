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
export function continuousEventTimeTrigger(scope: TriggerScope, options: ContinuousOptions): WindowTrigger {
  const { intervalMs, slot } = options;
  const { setNext, ...kept } = intervalTimer(options, {
    set: (window, time) => scope.setEventTimer(window, time),
    drop: (window, time) => scope.deleteEventTimer(window, time),
  });
  return {
    ...kept,
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
  };
}

/**
 * Fires at every full interval of the clock, for the last time at the end of the window, which also in windows of event
 * time is compared with the clock. Source: `ContinuousProcessingTimeTrigger`.
 */
export function continuousProcessingTimeTrigger(
  scope: TriggerScope,
  options: ContinuousOptions,
): WindowTrigger {
  const { intervalMs, slot } = options;
  const { setNext, ...kept } = intervalTimer(options, {
    set: (window, time) => scope.setProcessingTimer(window, time),
    drop: (window, time) => scope.deleteProcessingTimer(window, time),
  });
  return {
    ...kept,
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
  };
}

/** Timers of the domain in which an interval ends. */
interface IntervalTimers {
  readonly set: (window: WindowEntry, time: number) => void;
  readonly drop: (window: WindowEntry, time: number) => void;
}

/** The timer for the end of the present interval, which the slot of the window remembers. */
function intervalTimer({ intervalMs, slot }: ContinuousOptions, timers: IntervalTimers) {
  return {
    setNext: (window: WindowEntry, from: number): void => {
      const next = Math.min(from + intervalMs, window.maxTime);
      window.slots[slot] = next;
      timers.set(window, next);
    },
    absorb: (window: WindowEntry, absorbed: WindowEntry): void => keepEarlier(window, absorbed, slot),
    merged(window: WindowEntry): void {
      const next = window.slots[slot];
      if (typeof next === 'number') {
        timers.set(window, next);
      }
    },
    clear(window: WindowEntry): void {
      const next = window.slots[slot];
      if (typeof next === 'number') {
        timers.drop(window, next);
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
