/** A query as a whole job: two threads, with the real shuffle, watermarks and metrics between them. */
import { setTimeout as delay } from 'node:timers/promises';
import { InMemoryStorage } from '../../engine/runtime/in-memory-storage.ts';
import { startJob } from '../../engine/runtime/job.ts';
import type { Job } from '../../engine/runtime/job-status.ts';
import { startSlotThread } from '../../engine/runtime/slot-thread.ts';
import { nodeScheduler } from '../../engine/worker/node-scheduler.ts';

const THREADS = 2;
/** The code is warm after so many seconds, and is measured for so many more. */
const WARM_UP_MS = 3000;
const MEASURED_MS = 4000;
const LOOK_MS = 50;

/** What a job of two threads does. */
export interface JobRate {
  /** Events for every second of CPU that any thread of the process used. */
  readonly perCoreSecond: number;
  /** Events a second by the clock. */
  readonly perSecond: number;
}

export async function jobRate(query: string): Promise<JobRate> {
  const job = await start(query);
  try {
    await running(job);
    await delay(WARM_UP_MS);
    const [records, cpu, at] = [recordsIn(job), process.cpuUsage(), performance.now()];
    await delay(MEASURED_MS);
    const [more, { user, system }] = [recordsIn(job) - records, process.cpuUsage(cpu)];
    return {
      perCoreSecond: (more * 1e6) / (user + system),
      perSecond: (more * 1000) / (performance.now() - at),
    };
  } finally {
    await job.cancel();
    await job.ended;
  }
}

async function start(query: string): Promise<Job> {
  const storage = new InMemoryStorage();
  const jobId = 'b'.repeat(32);
  const options = {
    jobId,
    name: query,
    application: { module: new URL('job-application.ts', import.meta.url).href },
    configuration: { query, splits: THREADS, count: Number.MAX_SAFE_INTEGER },
    parallelism: THREADS,
    checkpointIntervalMs: 0,
    epoch: 1,
    prefix: 'bench',
    restore: { kind: 'none' },
    restart: { kind: 'none' },
    threads: true,
  } as const;
  return startJob(options, {
    ...nodeScheduler(),
    random: Math.random,
    environment: {},
    storage,
    reporter: { report: () => undefined },
    spawnSlot: (data) => startSlotThread(new URL('slot-entry.ts', import.meta.url), data),
  });
}

async function running(job: Job): Promise<void> {
  while (recordsIn(job) === 0) {
    const { state, firstFault } = job.status();
    if (state === 'FAILED') throw new Error(`The job failed: ${firstFault?.message ?? 'without a fault'}`);
    await delay(LOOK_MS);
  }
}

/** Of the sources. */
function recordsIn(job: Job): number {
  let records = 0;
  for (const { inputs, subtasks } of job.status().vertices) {
    if (inputs.length === 0) for (const { recordsIn: read } of subtasks) records += read;
  }
  return records;
}
