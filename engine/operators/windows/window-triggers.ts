import { MAX_WATERMARK } from '../../data/record-batch.ts';
import { CONTINUE, FIRE, FIRE_AND_PURGE, type TriggerScope, type WindowTrigger } from './trigger.ts';

const nothing = (): undefined => undefined;

/** Fires when the watermark passes the end of the window, and for every late record. Source: `EventTimeTrigger`. */
export function eventTimeTrigger(scope: TriggerScope): WindowTrigger {
  return {
    onRecord(window) {
      if (window.maxTime <= scope.watermark) {
        return FIRE;
      }
      scope.setEventTimer(window, window.maxTime);
      return CONTINUE;
    },
    onEventTime: (window, time) => (time === window.maxTime ? FIRE : CONTINUE),
    onProcessingTime: () => CONTINUE,
    absorb: nothing,
    merged(window) {
      // A window that is past its end fires for the record that merged it.
      if (window.maxTime > scope.watermark) {
        scope.setEventTimer(window, window.maxTime);
      }
    },
    clear: (window) => scope.deleteEventTimer(window, window.maxTime),
  };
}

/** Fires when the clock passes the end of the window. Source: `ProcessingTimeTrigger`. */
export function processingTimeTrigger(scope: TriggerScope): WindowTrigger {
  return {
    onRecord(window) {
      scope.setProcessingTimer(window, window.maxTime);
      return CONTINUE;
    },
    onEventTime: () => CONTINUE,
    onProcessingTime: () => FIRE,
    absorb: nothing,
    merged(window) {
      if (window.maxTime > scope.now()) {
        scope.setProcessingTimer(window, window.maxTime);
      }
    },
    clear: (window) => scope.deleteProcessingTimer(window, window.maxTime),
  };
}

/** Fires once, at the end of the input. Source: `GlobalWindows.EndOfStreamTrigger`. */
export function endOfStreamTrigger(scope: TriggerScope): WindowTrigger {
  return {
    onRecord(window) {
      scope.setEventTimer(window, MAX_WATERMARK);
      return CONTINUE;
    },
    onEventTime: (_, time) => (time === MAX_WATERMARK ? FIRE_AND_PURGE : CONTINUE),
    onProcessingTime: () => CONTINUE,
    absorb: nothing,
    merged: nothing,
    clear: nothing,
  };
}

/** Never fires: the default of global windows. Source: `GlobalWindows.NeverTrigger`. */
export function neverTrigger(): WindowTrigger {
  return {
    onRecord: () => CONTINUE,
    onEventTime: () => CONTINUE,
    onProcessingTime: () => CONTINUE,
    absorb: nothing,
    merged: nothing,
    clear: nothing,
  };
}
