import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median } from '../benchmark.ts';
import type { Configuration } from './application.ts';

/** One measured run of a query. */
export interface Run {
  /** Those that were read behind the warm-up. */
  readonly events: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly eventsPerSecond: number;
  /** By the CPU of all threads of the process: user and system, so with garbage collection and compiler. */
  readonly eventsPerCpuSecond: number;
  readonly peakRssMb: number;
  /** Cores that the rest of the machine took meanwhile; above 0.1 the run is in doubt. */
  readonly otherCores: number;
}

/** What several runs of one query come to. */
export interface Measured {
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly eventsPerCpuSecond: number;
  readonly peakRssMb: number;
  readonly otherCores: number;
  readonly runs: readonly Run[];
}

const runFile = promisify(execFile);

/** Runs a query several times, each in a new process. */
export async function measure(configuration: Configuration, runs: number): Promise<Measured> {
  const all: Run[] = [];
  const entry = new URL('run.ts', import.meta.url).pathname;
  for (let number = 0; number < runs; number++) {
    const { stdout } = await runFile(process.execPath, [entry, JSON.stringify(configuration)]);
    all.push(JSON.parse(stdout) as Run); // printed by run.ts
  }
  return summary(all);
}

/** Medians, and of memory and other load the most. */
export function summary(runs: readonly Run[]): Measured {
  return {
    events: runs[0]?.events ?? 0,
    eventsPerSecond: median(runs.map((run) => run.eventsPerSecond)),
    eventsPerCpuSecond: median(runs.map((run) => run.eventsPerCpuSecond)),
    peakRssMb: Math.max(...runs.map((run) => run.peakRssMb)),
    otherCores: Math.max(...runs.map((run) => run.otherCores)),
    runs,
  };
}
