import type { Host, Scheduler, EngineEvent } from '../host.ts';
import { InMemoryStorage } from './in-memory-storage.ts';
import { startSlotThread } from './slot-thread.ts';

/** The clock and the timers of this machine, for tests with real threads. */
export const machineScheduler: Scheduler = {
  clock: { now: () => Date.now() },
  schedule: (delayMs, task) => {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  defer: (task) => void setImmediate(task),
};

/** Threads have no clock that a test could advance, so this one asks over and over. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Enough for any application of a test, and soon full of one that keeps everything. */
const HEAP_MB = 256;

export function machineHost(storage = new InMemoryStorage()): Host & { readonly events: EngineEvent[] } {
  const events: EngineEvent[] = [];
  return {
    ...machineScheduler,
    random: Math.random,
    environment: {},
    storage,
    reporter: { report: (event) => events.push(event) },
    events,
    spawnSlot: (data) => startSlotThread(new URL('./slot-entry.fixture.ts', import.meta.url), data, HEAP_MB),
  };
}
