/** Runs a query on Flink and measures it as `run.ts` measures ours. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cpuMsOf, machineCpuMs, rssMbOf } from '../process-usage.ts';
import type { QueryName } from '../queries.ts';
import { type Measured, type Run, summary } from '../runs.ts';
import { FlinkCluster } from './cluster.ts';
import type { FlinkInstallation } from './install.ts';

const LOOK_MS = 25;

/** What is to run. */
export interface FlinkQuery {
  readonly query: QueryName;
  /** Folder of JSON lines, or '' for events from memory. */
  readonly folder: string;
  readonly events: number;
  /** Events of a run before those that are measured; with JSON lines all of them. */
  readonly warmUp: number;
  readonly seed: number;
  readonly rate: number;
  readonly runs: number;
}

/** What /proc said at one moment, ms of CPU. */
interface Sample {
  readonly atMs: number;
  readonly worker: number;
  /** Of the JobManager, and of this process. */
  readonly ours: number;
  readonly machine: number;
  readonly rssMb: number;
}

const runFile = promisify(execFile);

/** One cluster for the query: a run that warms it up, and then those that count. */
export async function measureFlink(flink: FlinkInstallation, query: FlinkQuery): Promise<Measured> {
  const cluster = await FlinkCluster.start(flink);
  try {
    await runOnce(cluster, { ...query, events: query.folder === '' ? query.warmUp : query.events });
    const runs: Run[] = [];
    for (let number = 0; number < query.runs; number++) runs.push(await runOnce(cluster, query));
    return summary(runs);
  } finally {
    await cluster.stop();
  }
}

async function runOnce(cluster: FlinkCluster, query: FlinkQuery): Promise<Run> {
  const samples = [sampleOf(cluster)];
  const timer = setInterval(() => samples.push(sampleOf(cluster)), LOOK_MS);
  try {
    const job = await submit(cluster, query);
    const detail = await finished(cluster, job);
    await delay(2 * LOOK_MS);
    return runOf(query.events, samples, await spanOf(cluster, detail));
  } finally {
    clearInterval(timer);
  }
}

async function submit(cluster: FlinkCluster, query: FlinkQuery): Promise<string> {
  const { events, seed, rate, folder } = query;
  const settings = [cluster.port, events, seed, rate, folder].map(String);
  const { stdout } = await runFile('java', [
    ...cluster.program,
    'bench.Submit',
    ...settings,
    statementsOf(query),
  ]);
  const [, job] = /^JOB ([0-9a-f]{32})$/m.exec(stdout) ?? [];
  if (job === undefined) throw new Error(`Cannot run ${query.query} on Flink: it printed ${stdout}`);
  return job;
}

/** The tables and the query, as SQL without comments; '' for the one that is no SQL. */
function statementsOf({ query, folder, events, seed, rate }: FlinkQuery): string {
  if (query === 'bidcount') return '';
  const connector =
    folder === ''
      ? `'connector' = 'bench-events', 'events' = '${events}', 'seed' = '${seed}', 'rate' = '${rate}'`
      : `'connector' = 'filesystem', 'format' = 'json', 'path' = 'file://${folder}'`;
  const text = (name: string): string =>
    readFileSync(path.join(import.meta.dirname, 'sql', `${name}.sql`), 'utf8').replaceAll(/^--.*\n/gm, '');
  return `${text('tables').replace('${WITH}', connector).trim()}${text(query)}`;
}

interface Vertex {
  readonly id: string;
}

interface JobDetail {
  readonly jid: string;
  readonly state: string;
  readonly vertices: readonly Vertex[];
}

async function finished(cluster: FlinkCluster, job: string): Promise<JobDetail> {
  for (;;) {
    const detail = (await cluster.rest(`/jobs/${job}`)) as JobDetail; // Flink's REST contract
    if (detail.state === 'FINISHED') return detail;
    if (detail.state === 'FAILED' || detail.state === 'CANCELED') {
      const exceptions = JSON.stringify(await cluster.rest(`/jobs/${job}/exceptions`));
      throw new Error(`Flink's job is ${detail.state}: ${exceptions.slice(0, 1000)}`);
    }
    await delay(4 * LOOK_MS);
  }
}

interface VertexDetail {
  readonly subtasks: readonly {
    readonly 'end-time': number;
    readonly 'status-duration': { readonly RUNNING: number };
  }[];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** From the first subtask that runs, which is a source and has data at once, to the end of the last one. */
async function spanOf(cluster: FlinkCluster, { jid, vertices }: JobDetail): Promise<Span> {
  const details = await Promise.all(
    vertices.map(async ({ id }) => (await cluster.rest(`/jobs/${jid}/vertices/${id}`)) as VertexDetail),
  );
  const subtasks = details.flatMap((detail) => detail.subtasks);
  return {
    from: Math.min(...subtasks.map((each) => each['end-time'] - each['status-duration'].RUNNING)),
    to: Math.max(...subtasks.map((each) => each['end-time'])),
  };
}

function runOf(events: number, samples: readonly Sample[], { from, to }: Span): Run {
  const used = (figure: (sample: Sample) => number): number =>
    (interpolated(samples, to, figure) - interpolated(samples, from, figure)) / 1000;
  const seconds = (to - from) / 1000;
  const cpuSeconds = used(({ worker }) => worker);
  const rss = samples.filter(({ atMs }) => atMs >= from && atMs <= to).map(({ rssMb }) => rssMb);
  return {
    events,
    seconds,
    cpuSeconds,
    eventsPerSecond: events / seconds,
    eventsPerCpuSecond: events / cpuSeconds,
    peakRssMb: Math.max(0, ...rss),
    otherCores: Math.max(0, used(({ machine, worker, ours }) => machine - worker - ours) / seconds),
  };
}

function interpolated(samples: readonly Sample[], atMs: number, figure: (sample: Sample) => number): number {
  const next = samples.findIndex((sample) => sample.atMs >= atMs);
  const [before, after] = [samples.at(Math.max(0, next - 1)), samples.at(next)];
  if (before === undefined || after === undefined) return Number.NaN;
  const share = after.atMs === before.atMs ? 0 : (atMs - before.atMs) / (after.atMs - before.atMs);
  return figure(before) + Math.max(0, share) * (figure(after) - figure(before));
}

function sampleOf({ pids }: FlinkCluster): Sample {
  const { user, system } = process.cpuUsage();
  return {
    atMs: Date.now(),
    worker: cpuMsOf(pids.worker),
    ours: cpuMsOf(pids.manager) + (user + system) / 1000,
    machine: machineCpuMs(),
    rssMb: rssMbOf(pids.worker),
  };
}
