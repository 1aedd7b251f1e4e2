import type { Scheduler } from '../host.ts';

/** The clock and the timers of this process. */
export function nodeScheduler(): Scheduler {
  return {
    clock: { now: () => Date.now() },
    schedule(delayMs, task) {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
    defer(task) {
      setImmediate(task);
    },
  };
}
