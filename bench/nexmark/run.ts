/**
 * One run of one query, in a process of its own: `node run.ts CONFIGURATION`, which prints a {@link Run} as JSON. The
 * job is a real one: a coordinator in the main thread and one slot's thread per parallel subtask.
 */
import { InMemoryStorage } from '../../engine/runtime/in-memory-storage.ts';
import { startJob } from '../../engine/runtime/job.ts';
import { startSlotThread } from '../../engine/runtime/slot-thread.ts';
import { nodeScheduler } from '../../engine/worker/node-scheduler.ts';
import type { Configuration } from './application.ts';
import { usage, WARM } from './marked-source.ts';
import { machineCpuMs } from './process-usage.ts';
import type { Run } from './runs.ts';

const LOOK_MS = 25;
const MB = 1e6;

/** What the machine and this process had used at one moment; ms of CPU. */
interface Moment {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly machineMs: number;
}

async function run(configuration: Configuration): Promise<Run> {
  const { query, splits, events, warmUp } = configuration;
  let begun: (Moment & { readonly records: number }) | undefined;
  let peakRss = 0;
  const watch = setInterval(() => {
    if (begun !== undefined) peakRss = Math.max(peakRss, process.memoryUsage.rss());
  }, LOOK_MS);
  const jobId = 'd'.repeat(32);
  const storage = new InMemoryStorage();
  const job = startJob(
    {
      jobId,
      name: query,
      application: { module: new URL('application.ts', import.meta.url).href },
      configuration,
      parallelism: splits,
      checkpointIntervalMs: 0,
      epoch: 1,
      prefix: 'nexmark',
      restore: { kind: 'none' },
      restart: { kind: 'none' },
      threads: true,
    },
    {
      ...nodeScheduler(),
      random: Math.random,
      environment: {},
      storage,
      reporter: {
        report: (event) => {
          if (event.type !== 'connector' || event.message !== WARM) return;
          const { atMs, cpuMs, records } = event.fields;
          // With several splits the first one that is warm begins.
          begun ??= {
            atMs: Number(atMs),
            cpuMs: Number(cpuMs),
            records: Number(records) * splits,
            machineMs: machineCpuMs(),
          };
        },
      },
      spawnSlot: (data) => startSlotThread(new URL('../streams/slot-entry.ts', import.meta.url), data),
    },
  );
  const { state, failure } = await job.ended;
  const ended: Moment = { ...usage(), machineMs: machineCpuMs() };
  clearInterval(watch);
  if (state !== 'FINISHED' || begun === undefined) {
    throw new Error(
      `Query ${query} is ${state} and had ${warmUp} records to warm up: ${failure?.message ?? 'there is no fault'}`,
    );
  }
  const seconds = (ended.atMs - begun.atMs) / 1000;
  const cpuSeconds = (ended.cpuMs - begun.cpuMs) / 1000;
  const measured = events - begun.records;
  return {
    events: measured,
    seconds,
    cpuSeconds,
    eventsPerSecond: measured / seconds,
    eventsPerCpuSecond: measured / cpuSeconds,
    peakRssMb: peakRss / MB,
    otherCores: Math.max(0, (ended.machineMs - begun.machineMs) / 1000 - cpuSeconds) / seconds,
  };
}

// The configuration is what runs.ts gave.
process.stdout.write(`${JSON.stringify(await run(JSON.parse(process.argv[2] ?? '') as Configuration))}\n`);
