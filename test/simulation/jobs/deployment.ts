import { generator } from '#engine/connectors/generator/index.ts';
import type { EngineEvent } from '#engine/host.ts';
import type { JobOptions, Restore } from '#engine/runtime/job-options.ts';
import type { Job, JobEnd } from '#engine/runtime/job-status.ts';
import { startJob } from '#engine/runtime/job.ts';
import { application } from '#engine/stream/application.ts';
import type { Dice } from '../../pipelines/dice.ts';
import type { Pipeline } from '../../pipelines/pipeline.ts';
import { DISORDER_MS, readingOf, ReadingType, type Feed, type Reading } from '../../pipelines/reading.ts';
import type { AuditedStore } from './audited-store.ts';
import { FAIR, type Weather } from './connection.ts';
import type { Outside } from './outside.ts';
import { SimulatedProcess } from './simulated-process.ts';
import type { World } from './world.ts';

/** So slow that a job lives through some checkpoints and events before its readings are over. */
const RATE_PER_SECOND = 400;

/** Faults of the world; any other is one of the engine. */
const EXPECTED = /Simulated|it took longer than|is fenced/;

/** What a deployment is made of. */
export interface DeploymentOptions {
  readonly world: World;
  readonly store: AuditedStore;
  readonly dice: Dice;
  readonly pipeline: Pipeline;
  readonly feed: Feed;
  readonly prefix: string;
  readonly outside: Outside;
  /** Readings, counted over all attempts, at which the program throws. */
  readonly failsAt: ReadonlySet<number>;
}

/** One run of a job in a process of its own. */
export interface Run {
  readonly process: SimulatedProcess;
  readonly job: Job;
  readonly epoch: number;
  /** Its checkpoints have time enough. */
  readonly patient: boolean;
  end: JobEnd | undefined;
}

/** What happened in a deployment: a simulation in which nothing does proves nothing. */
export interface Tally {
  processes: number;
  checkpoints: number;
  failedCheckpoints: number;
  restores: number;
  restarts: number;
  rescales: number;
  fenced: number;
}

/** A deployment as the control plane has it: which epoch counts, and what the next job starts from. */
export class Deployment {
  readonly prefix: string;
  readonly weather: Weather = { ...FAIR };
  readonly tally: Tally = {
    processes: 0,
    checkpoints: 0,
    failedCheckpoints: 0,
    restores: 0,
    restarts: 0,
    rescales: 0,
    fenced: 0,
  };
  readonly #options: DeploymentOptions;
  #origin: Restore = { kind: 'none' };
  #jobs = 0;
  #epoch = 0;
  #readings = 0;

  constructor(options: DeploymentOptions) {
    this.#options = options;
    this.prefix = options.prefix;
  }

  /** Starts a new job. */
  async begin(restore: Restore, options: Partial<JobOptions> = {}): Promise<Run> {
    this.#origin = restore;
    this.#jobs += 1;
    return this.#start({ restore, keep: restore.kind !== 'manifest' }, options);
  }

  /** Starts another attempt of the same job: from its newest checkpoint, or before the first where the job began. */
  async resume(options: Partial<JobOptions> = {}): Promise<Run> {
    const known = this.#options.store.headManifest(this.prefix) !== undefined;
    return this.#start(
      { restore: known ? { kind: 'latest-checkpoint' } : this.#origin, keep: true },
      options,
    );
  }

  /** A higher epoch first, so that whatever still runs can finish nothing. */
  async #start(
    { restore, keep }: { readonly restore: Restore; readonly keep: boolean },
    options: Partial<JobOptions>,
  ): Promise<Run> {
    const { world, store, dice } = this.#options;
    const epoch = (this.#epoch += 1);
    const jobId = `${this.#jobs}`.padStart(32, '0');
    await store.takeOver(this.prefix, { epoch, jobId }, keep);
    const process = new SimulatedProcess({
      name: `${this.prefix}#${epoch}`,
      world,
      store,
      weather: this.weather,
      dice: dice.split(),
      stalls: dice.pick([0.01, 0.05, 0.2]),
      heard: (event) => this.#heard(event, epoch),
    });
    const parallelism = dice.whole(1, 4);
    world.trace(
      () => `${process.name} starts, parallelism ${parallelism}, restore ${JSON.stringify(restore)}`,
    );
    const job = startJob(
      {
        jobId,
        name: this.prefix,
        application: { application: this.#program(process) },
        configuration: {},
        parallelism,
        checkpointIntervalMs: dice.pick([8, 15, 30]),
        checkpointTimeoutMs: dice.pick([40, 200]),
        epoch,
        prefix: this.prefix,
        restore,
        restart: { kind: 'exponential-delay', initialDelayMs: dice.whole(1, 15), maxDelayMs: 50 },
        threads: false,
        ...options,
      },
      process,
    );
    this.tally.processes += 1;
    const patient = options.checkpointTimeoutMs !== undefined;
    const run: Run = { process, job, epoch, patient, end: undefined };
    void job.ended.then((end) => this.#ended(run, end));
    return run;
  }

  #program(process: SimulatedProcess) {
    const { world, pipeline, feed, failsAt, outside } = this.#options;
    const answerLater = (reading: Reading) =>
      new Promise<Reading>((resolve) => {
        process.schedule(1 + Math.floor(process.random() * 12), () => resolve(reading));
      });
    const watch = (reading: Reading): Reading => {
      this.#readings += 1;
      if (!failsAt.has(this.#readings)) return reading;
      world.trace(() => `${process.name} program fails`);
      throw new Error(`Simulated failure at reading ${this.#readings}`);
    };
    return application('simulated', {
      build: ({ source }) => {
        const readings = source(
          'readings',
          generator({
            schema: ReadingType,
            record: (index, split) => readingOf(feed, index, split),
            time: ({ at }) => at,
            count: feed.count,
            splits: feed.splits,
            ratePerSecond: RATE_PER_SECOND,
          }),
          { watermark: `${DISORDER_MS} ms` },
        ).map(watch, 'watch');
        pipeline.build(readings, { answerLater }).to(outside.sink(process), 'outside');
      },
    });
  }

  #ended(run: Run, end: JobEnd): void {
    const { world } = this.#options;
    run.end = end;
    world.trace(
      () => `${run.process.name} ${end.state}${end.fenced ? ', fenced' : ''} ${end.failure?.message ?? ''}`,
    );
    if (end.fenced) this.tally.fenced += 1;
    if (end.fenced && run.epoch === this.#epoch)
      world.violated(`${run.process.name} is fenced and is the newest: ${end.failure?.message ?? ''}`);
    // The world refuses, loses and throws by name; whatever else ends a job is none of its doing. A zombie may find
    // that what it would go on from has been collected.
    const simulated = end.failure?.message.includes('Simulated') === true;
    if (end.state === 'FAILED' && run.epoch === this.#epoch && !end.fenced && !simulated)
      world.violated(`${run.process.name} failed: ${end.failure?.message ?? 'nobody knows why'}`);
  }

  #heard(event: EngineEvent, epoch: number): void {
    const { tally } = this;
    if (event.type === 'checkpoint-completed') tally.checkpoints += 1;
    if (event.type === 'checkpoint-failed') tally.failedCheckpoints += 1;
    if (event.type === 'job-restored') tally.restores += 1;
    if (event.type === 'job-restarting') tally.restarts += 1;
    if (event.type === 'subtask-failed' && epoch === this.#epoch && !EXPECTED.test(event.reason))
      this.#options.world.violated(`${this.prefix}#${epoch} has a fault that nobody made: ${event.reason}`);
    if (event.type === 'checkpoint-unreadable' && epoch === this.#epoch && !EXPECTED.test(event.reason))
      this.#options.world.violated(`${event.manifest} cannot be read: ${event.reason}`);
    this.#options.world.trace(() => `${this.prefix}#${epoch} ${textOf(event)}`);
  }
}

function textOf({ type, ...fields }: EngineEvent): string {
  const { jobId: _, stack: __, ...shown } = fields as Record<string, unknown>;
  return `${type} ${Object.entries(shown)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')}`;
}
