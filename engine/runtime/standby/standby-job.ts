import type { HandOver, Host } from '../../host.ts';
import { CheckpointLog } from '../coordinator/checkpoint-log.ts';
import { checkStateFits } from '../coordinator/fitting-state.ts';
import { readManifest } from '../coordinator/manifest.ts';
import { Refusal } from '../coordinator/refusal.ts';
import { renameOperators, type Renames } from '../coordinator/renamed-operators.ts';
import { maxParallelismOf } from '../job-layout.ts';
import { DEFAULT_CHECKPOINT_TIMEOUT_MS, type JobOptions, type Restore } from '../job-options.ts';
import { layOut, type JobPlan } from '../job-plan.ts';
import { JobRecord } from '../job-record.ts';
import type { Job, JobEnd, JobStatusView, TriggerStatus } from '../job-status.ts';
import { startJob } from '../job.ts';
import { acceptedPlan } from '../prepare-job.ts';
import { StateQueryError } from '../queries/state-query.ts';
import type { StateAnswer, StateQuery, StateSummary } from '../queries/state-query.ts';
import type { SlotOptions } from '../slots.ts';
import { WarmSlots } from '../warm-slots.ts';
import { StandbyReading, type PreloadView } from './standby-reading.ts';

/** A job without the right to run, and without what it starts from. */
export interface StandbyOptions extends SlotOptions {
  /** As the restore will have them. */
  readonly renames?: Renames | undefined;
  /** A standby that nobody needs ends by itself: 10 minutes. */
  readonly expiresMs?: number;
}

/** What makes a standby a job. */
export interface Begin {
  readonly epoch: number;
  readonly restore: Restore;
}

/** How far a standby is. */
export interface StandbyView {
  /** `warm`: its program is loaded and fits what was registered. */
  readonly state: 'warming' | 'warm' | 'begun' | 'ended';
  /** Since it has begun. */
  readonly epoch?: number;
  /** The state that it was told to read last. */
  readonly preload?: PreloadView;
  /** How much of the state was there already, since the job has begun to restore it. */
  readonly handOver?: HandOver;
  /** Why all that was read in advance is lost: its threads broke before they were needed. */
  readonly lost?: string;
}

const DEFAULT_EXPIRES_MS = 600_000;

/** No job ever has it: the first one begins with 1. */
const NO_EPOCH = 0;

/**
 * A job that waits for the one before it to end: its program is loaded, its threads run, and it reads state in advance.
 *
 * Contract: it writes nothing before `begin`, and knows no epoch by which it could. From there on it is the job that was
 * begun, and only ever that one: an epoch is given to one process.
 */
export class StandbyJob implements Job {
  readonly id: string;
  readonly ended: Promise<JobEnd>;
  readonly #options: StandbyOptions;
  readonly #host: Host;
  readonly #record: JobRecord;
  readonly #plan: Promise<JobPlan>;
  readonly #reading: StandbyReading;
  readonly #resolveEnded: (end: JobEnd) => void;
  #state: StandbyView['state'] = 'warming';
  #slots: WarmSlots | undefined;
  #job: Job | undefined;
  #epoch: number | undefined;

  constructor(options: StandbyOptions, host: Host) {
    const { promise, resolve } = Promise.withResolvers<JobEnd>();
    this.id = options.jobId;
    this.ended = promise;
    this.#options = options;
    this.#host = host;
    this.#resolveEnded = resolve;
    this.#record = idleRecord(this.#optionsFor({ epoch: NO_EPOCH, restore: { kind: 'none' } }), host);
    this.#reading = new StandbyReading(host.clock, (location) => this.#read(location));
    this.#plan = acceptedPlan(this.#optionsFor({ epoch: NO_EPOCH, restore: { kind: 'none' } }));
    this.#plan.then(
      () => this.#enter('warm'),
      (error: unknown) => this.#refuse(error),
    );
    host.schedule(options.expiresMs ?? DEFAULT_EXPIRES_MS, () => void this.#expire());
  }

  get standby(): StandbyView {
    const preload = this.#reading.view;
    const handOver = this.#slots?.preloaded.handedOver;
    const lost = this.#job === undefined ? undefined : this.#slots?.failure?.message;
    return {
      state: this.#state,
      ...(this.#epoch === undefined ? {} : { epoch: this.#epoch }),
      ...(preload === undefined ? {} : { preload }),
      ...(handOver === undefined ? {} : { handOver }),
      ...(handOver !== undefined || lost === undefined ? {} : { lost }),
    };
  }

  /** Reads a checkpoint or savepoint in advance; asked for the same one again it does nothing. */
  preload(location: string): void {
    if (this.#job === undefined && this.#state !== 'ended') this.#reading.read(location);
  }

  /** Runs from here on; begun again with the same epoch it goes on as it does. Throws a `Refusal` with another one. */
  begin(begin: Begin): void {
    if (this.#epoch === begin.epoch) return;
    if (this.#epoch !== undefined || this.#state === 'ended')
      throw new Refusal(
        `Cannot begin job ${this.id} with epoch ${begin.epoch}: it ${this.#epoch === undefined ? 'has ended' : `began with epoch ${this.#epoch}`}; start another task`,
      );
    this.#epoch = begin.epoch;
    this.#enter('begun');
    const slots = this.#takeSlots();
    this.#job = startJob(this.#optionsFor(begin), this.#host, slots);
    void this.#job.ended.then(this.#resolveEnded);
  }

  status(): JobStatusView {
    return this.#job?.status() ?? { ...this.#record.view(), deadLetters: [] };
  }

  savepoint(options: Parameters<Job['savepoint']>[0]): void {
    this.#begun.savepoint(options);
  }

  savepointStatus(triggerId: string): TriggerStatus | undefined {
    return this.#job?.savepointStatus(triggerId);
  }

  triggerCheckpoint(triggerId?: string, brief?: boolean): void {
    this.#begun.triggerCheckpoint(triggerId, brief);
  }

  checkpointStatus(triggerId: string): TriggerStatus | undefined {
    return this.#job?.checkpointStatus(triggerId);
  }

  async states(): Promise<readonly StateSummary[]> {
    return this.#begun.states();
  }

  async queryState(query: StateQuery): Promise<StateAnswer> {
    return this.#begun.queryState(query);
  }

  refusesParallelism(parallelism: number): string | undefined {
    return this.#job === undefined
      ? `Cannot rescale job ${this.id} to parallelism ${parallelism}: it waits to begin; ask again when it is RUNNING`
      : this.#job.refusesParallelism(parallelism);
  }

  async rescale(parallelism: number): Promise<void> {
    await this.#begun.rescale(parallelism);
  }

  async replay(deadLetters: readonly string[]): Promise<void> {
    await this.#begun.replay(deadLetters);
  }

  async cancel(): Promise<void> {
    if (this.#job !== undefined) return this.#job.cancel();
    await this.#end({ state: 'CANCELED', fenced: false });
  }

  get #begun(): Job {
    if (this.#job === undefined)
      throw new StateQueryError(
        'not-running',
        `Cannot ask job ${this.id}: it waits to begin; ask again when it is RUNNING`,
      );
    return this.#job;
  }

  #enter(state: StandbyView['state']): void {
    if (this.#state === 'warming' || state !== 'warm') this.#state = state;
  }

  #optionsFor({ epoch, restore }: Begin): JobOptions {
    const { renames: _renames, expiresMs: _expires, ...options } = this.#options;
    return { ...options, epoch, restore };
  }

  /** Those that have failed are of no use, and what they have read is nowhere else. */
  #takeSlots(): WarmSlots | undefined {
    const slots = this.#slots;
    if (slots?.failure === undefined) return slots;
    void slots.terminate();
    return undefined;
  }

  async #read(location: string): Promise<void> {
    const { renames = {} } = this.#options;
    const located = renameOperators(await readManifest(this.#host.storage, location), renames);
    const plan = await this.#plan;
    checkStateFits(located, plan.description);
    const slots = await this.#slotsFor(plan, located.manifest.maxParallelism);
    await slots.preloaded.read(located.manifest);
  }

  /** Started with the first state, since that says how many key groups there are. */
  async #slotsFor(plan: JobPlan, maxParallelism: number): Promise<WarmSlots> {
    const { parallelism, renames } = this.#options;
    if (this.#job !== undefined || this.#state === 'ended')
      throw new Refusal(`Cannot read state in advance: job ${this.id} has begun`);
    this.#slots ??= new WarmSlots(
      {
        options: this.#options,
        plan,
        graph: layOut(plan, parallelism, maxParallelism),
        host: this.#host,
      },
      renames,
    );
    if (maxParallelismOf(this.#slots.graph) !== maxParallelism)
      throw new Refusal(`Cannot read state in advance: it has max parallelism ${maxParallelism} now`);
    await this.#slots.ready;
    return this.#slots;
  }

  /** The program itself is at fault: whoever starts it the usual way is told the reason. */
  #refuse(error: unknown): void {
    this.#reading.fail(error);
    if (this.#job === undefined) void this.#end({ state: 'CANCELED', fenced: false });
  }

  async #expire(): Promise<void> {
    if (this.#job === undefined) await this.cancel();
  }

  async #end(end: JobEnd): Promise<void> {
    this.#enter('ended');
    await this.#slots?.terminate();
    this.#resolveEnded(end);
  }
}

function idleRecord(options: JobOptions, host: Host): JobRecord {
  const { checkpointIntervalMs, checkpointTimeoutMs = DEFAULT_CHECKPOINT_TIMEOUT_MS } = options;
  return new JobRecord(options, host, new CheckpointLog(checkpointIntervalMs, checkpointTimeoutMs));
}
