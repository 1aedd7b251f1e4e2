import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { ThreadFigures } from '../runtime/job-status.ts';

// Finer ticks would cost more than they tell: a turn of a slot takes 2 ms.
const RESOLUTION_MS = 10;
const NANOSECONDS_PER_MS = 1_000_000;

/** Begins to measure the thread that calls it; what it gives has counters since then, and delays since the last call. */
export function measureThread(): () => ThreadFigures {
  const collections = { count: 0, ms: 0 };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      collections.count += 1;
      collections.ms += duration;
    }
  }).observe({ entryTypes: ['gc'] });
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    const heap = getHeapStatistics();
    const figures: ThreadFigures = {
      heapUsedBytes: heap.used_heap_size,
      heapTotalBytes: heap.total_heap_size,
      heapMaxBytes: heap.heap_size_limit,
      externalBytes: heap.external_memory,
      collections: collections.count,
      collectionMs: Math.round(collections.ms),
      loopDelayMs: delayMs(delays.mean),
      loopDelayMsMax: delayMs(delays.max),
      loopUtilization: utilization,
    };
    delays.reset();
    return figures;
  };
}

/** What a tick came late; before the first tick there is nothing. */
function delayMs(nanoseconds: number): number {
  return Number.isFinite(nanoseconds)
    ? Math.max(0, Math.round((nanoseconds / NANOSECONDS_PER_MS - RESOLUTION_MS) * 10) / 10)
    : 0;
}
