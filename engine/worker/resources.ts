import { availableParallelism, freemem, totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { WorkerProcessInfo, WorkerResources } from '../rest/rest-context.ts';

/** What this process has and uses. In a container the limit of its memory counts, not that of the machine. */
export function readResources(): WorkerResources {
  const { heapUsed, heapTotal, rss } = process.memoryUsage();
  const limit = process.constrainedMemory();
  const memoryBytes = limit > 0 && limit < totalmem() ? limit : totalmem();
  return {
    cpus: availableParallelism(),
    memoryBytes,
    freeMemoryBytes: Math.min(freemem(), Math.max(0, memoryBytes - rss)),
    heapUsedBytes: heapUsed,
    heapCommittedBytes: heapTotal,
    heapMaxBytes: getHeapStatistics().heap_size_limit,
    residentBytes: rss,
  };
}

/** What runs this process. Options of Node are flags and sizes. */
export function processInfo(): WorkerProcessInfo {
  return { version: `Node.js ${process.version}`, arch: process.arch, options: [...process.execArgv] };
}
