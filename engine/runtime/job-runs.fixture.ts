/** How the tests of jobs start them in a simulated world and wait for what becomes of them. */
import { countingApplication, TotalsTable, type CountingOptions } from './counting.fixture.ts';
import { encodeJson } from './coordinator/json-object.ts';
import { InMemoryStorage } from './in-memory-storage.ts';
import { startJob } from './job.ts';
import type { JobOptions } from './job-options.ts';
import type { Job, JobEnd, TriggerStatus } from './job-status.ts';
import { SimulatedHost } from './simulated-host.ts';
import { StandbyJob } from './standby/standby-job.ts';

export const SPLITS = 3;
export const COUNT = 240;

/** Where several jobs of one deployment run one after another. */
export class Deployment {
  readonly storage = new InMemoryStorage();
  readonly table = new TotalsTable();
  epoch = 0;

  /** Starts the next job as the control plane does: a higher epoch first, the checkpoint of the head stays. */
  async start(
    program: Partial<CountingOptions> = {},
    more: Partial<JobOptions> = {},
    seed = 1,
  ): Promise<Run> {
    this.epoch += 1;
    const options = this.options(program, more);
    await this.writeHead(this.epoch, options.jobId);
    const host = new SimulatedHost({ seed: seed * 31 + this.epoch, storage: this.storage });
    return new Run(host, startJob(options, host));
  }

  /** A worker that waits to be the next job, without its epoch. */
  standby(program: Partial<CountingOptions> = {}, more: Partial<JobOptions> = {}): StandbyRun {
    const host = new SimulatedHost({ seed: 17, storage: this.storage });
    const jobId = String(this.epoch + 1).padStart(32, '0');
    const { epoch: _epoch, restore: _restore, ...options } = this.options(program, { jobId, ...more });
    const job = new StandbyJob(options, host);
    return Object.assign(new Run(host, job), { standby: job });
  }

  options(program: Partial<CountingOptions> = {}, more: Partial<JobOptions> = {}): JobOptions {
    return {
      jobId: String(this.epoch).padStart(32, '0'),
      name: 'counting',
      application: {
        application: countingApplication({
          splits: SPLITS,
          count: COUNT,
          ratePerSecond: 4000,
          sink: this.table.sink(5),
          ...program,
        }),
      },
      configuration: {},
      parallelism: 2,
      checkpointIntervalMs: 20,
      epoch: this.epoch,
      prefix: 'd',
      restore: { kind: 'latest-checkpoint' },
      restart: { kind: 'exponential-delay', initialDelayMs: 10 },
      threads: false,
      ...more,
    };
  }

  async writeHead(epoch: number, jobId: string): Promise<void> {
    const found = await this.storage.get('d/head.json');
    const head = found === undefined ? {} : (JSON.parse(new TextDecoder().decode(found.bytes)) as object);
    await this.storage.put('d/head.json', encodeJson({ ...head, epoch, jobId }));
  }

  async keys(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const key of this.storage.list(prefix)) keys.push(key);
    return keys;
  }
}

/** A run whose job waits to begin. */
export type StandbyRun = Run & { readonly standby: StandbyJob };

/** One job and the world it runs in. */
export class Run {
  readonly host: SimulatedHost;
  readonly job: Job;
  end: JobEnd | undefined;

  constructor(host: SimulatedHost, job: Job) {
    this.host = host;
    this.job = job;
    void job.ended.then((end) => {
      this.end = end;
    });
  }

  async until(condition: () => boolean): Promise<void> {
    if (await this.host.runUntil(condition)) return;
    throw new Error(
      `It does not happen: the job is ${this.job.status().state}, ${this.job.status().firstFault?.message ?? 'without a fault'}`,
    );
  }

  async toEnd(): Promise<JobEnd | undefined> {
    await this.until(() => this.end !== undefined);
    return this.end;
  }

  /** Until so many checkpoints are complete. */
  async checkpoints(count: number): Promise<void> {
    await this.until(() => this.job.status().checkpoints.counts.completed >= count);
  }

  /** Takes a savepoint and waits for its result. */
  async savepoint(
    directory: string,
    how: { readonly stop?: boolean; readonly drain?: boolean } = {},
  ): Promise<TriggerStatus | undefined> {
    await this.until(() => this.job.status().state === 'RUNNING' || this.end !== undefined);
    this.job.savepoint({
      directory,
      stop: how.stop ?? false,
      drain: how.drain ?? false,
      triggerId: directory,
    });
    await this.until(() => this.job.savepointStatus(directory)?.status !== 'in-progress');
    return this.job.savepointStatus(directory);
  }
}
