import type { Cancel, EngineEvent, Host } from '../host.ts';
import { CheckpointLog } from './coordinator/checkpoint-log.ts';
import type { CheckpointRequest } from './coordinator/checkpoint-request.ts';
import type { LocatedManifest } from './coordinator/manifest.ts';
import type { ReadCheckpoint } from './coordinator/read-checkpoint.ts';
import { Refusal } from './coordinator/refusal.ts';
import { TriggerLog } from './coordinator/trigger-log.ts';
import { causedByFence, faultOf } from './fault.ts';
import { JobAttempt, type AttemptListener } from './job-attempt.ts';
import { maxParallelismOf, type JobLayout } from './job-layout.ts';
import { DEFAULT_CHECKPOINT_TIMEOUT_MS, type JobOptions } from './job-options.ts';
import { layOut } from './job-plan.ts';
import { JobRecord } from './job-record.ts';
import type { Fault, Job, JobEnd, JobStatusView, TriggerStatus } from './job-status.ts';
import { DeadLetters } from './poison/dead-letter.ts';
import type { EnteredRecord } from './poison/entered-record.ts';
import { PoisonWatch } from './poison/poison-watch.ts';
import { prepareJob, type PreparedJob, type PreparedStart } from './prepare-job.ts';
import type { QueryRouter } from './queries/query-router.ts';
import { StateQueryError } from './queries/state-query.ts';
import type { StateAnswer, StateQuery, StateSummary } from './queries/state-query.ts';
import { Rescaling, rescaleRefusal } from './rescaling.ts';
import { restartStrategy, type RestartStrategy } from './restart-strategy.ts';
import { WarmSlots } from './warm-slots.ts';

/** How one attempt came to its end. */
type Outcome =
  | { readonly kind: 'finished' }
  | { readonly kind: 'cancelled' }
  /** It is to go on at once, with the slots of the rescaling. */
  | { readonly kind: 'rescaled' }
  | Broke;

interface Broke {
  readonly kind: 'broke';
  readonly fault: Fault;
  readonly fenced: boolean;
  readonly entered?: EnteredRecord | undefined;
  /** False where another try would end as this one did. */
  readonly curable: boolean;
}

/** Starts a job; what becomes of it, its `ended` tells. */
export function startJob(options: JobOptions, host: Host): Job {
  const job = new RunningJob(options, host);
  job.start();
  return job;
}

/** A job from its start to its end, over all its attempts. */
class RunningJob implements Job {
  readonly id: string;
  readonly ended: Promise<JobEnd>;
  readonly #options: JobOptions;
  readonly #host: Host;
  readonly #record: JobRecord;
  readonly #log: CheckpointLog;
  readonly #strategy: RestartStrategy;
  readonly #poison: PoisonWatch;
  readonly #savepoints = new TriggerLog();
  readonly #checkpoints = new TriggerLog();
  readonly #resolveEnded: (end: JobEnd) => void;
  #attempt: JobAttempt | undefined;
  #prepared: PreparedJob | undefined;
  #layout: JobLayout | undefined;
  #rescaling: Rescaling | undefined;
  #letters: DeadLetters | undefined;
  #restoredFrom: number | undefined;
  #cancelled = false;
  /** Ends what the job waits for now: its attempt, or the delay before the next one. */
  #interrupt: () => void = () => undefined;
  /** The attempt before is on its way out. */
  #closing: Promise<unknown> = Promise.resolve();
  #checkpointId = 0;
  #restarts = 0;

  constructor(options: JobOptions, host: Host) {
    this.id = options.jobId;
    this.#options = options;
    this.#host = host;
    this.#log = new CheckpointLog(
      options.checkpointIntervalMs,
      options.checkpointTimeoutMs ?? DEFAULT_CHECKPOINT_TIMEOUT_MS,
    );
    this.#record = new JobRecord(options, host, this.#log);
    this.#strategy = restartStrategy(options.restart);
    this.#poison = new PoisonWatch(options.poison ?? { policy: 'fail' });
    const { promise, resolve } = Promise.withResolvers<JobEnd>();
    this.ended = promise;
    this.#resolveEnded = resolve;
  }

  start(): void {
    void this.#live()
      .catch((error: unknown) =>
        this.#failed(faultOf(error, { atMs: this.#host.clock.now() }), causedByFence(error)),
      )
      .then((end) => {
        this.#record.close();
        this.#record.enter(end.state);
        this.#resolveEnded(end);
      });
  }

  status(): JobStatusView {
    return { ...this.#record.view(), deadLetters: this.#letters?.views ?? [] };
  }

  savepoint({ directory, stop, drain = false, triggerId }: Parameters<Job['savepoint']>[0]): void {
    if (!this.#savepoints.begin(triggerId)) return;
    this.#request({
      directory: directory.replace(/\/$/, ''),
      after: stop ? (drain ? 'drain' : 'suspend') : 'continue',
      done: (status) => this.#savepoints.end(triggerId, status),
    });
  }

  savepointStatus(triggerId: string): TriggerStatus | undefined {
    return this.#savepoints.get(triggerId);
  }

  triggerCheckpoint(triggerId?: string): void {
    if (triggerId !== undefined && !this.#checkpoints.begin(triggerId)) return;
    this.#request({
      after: 'continue',
      done: (status) => {
        if (triggerId !== undefined) this.#checkpoints.end(triggerId, status);
      },
    });
  }

  checkpointStatus(triggerId: string): TriggerStatus | undefined {
    return this.#checkpoints.get(triggerId);
  }

  async states(): Promise<readonly StateSummary[]> {
    return this.#queries().summaries();
  }

  async queryState(query: StateQuery): Promise<StateAnswer> {
    return this.#queries().read(query);
  }

  refusesParallelism(parallelism: number): string | undefined {
    const busy = this.#rescaling !== undefined;
    return rescaleRefusal(
      { id: this.id, state: this.#record.state, layout: this.#layout, busy },
      parallelism,
    );
  }

  async rescale(parallelism: number): Promise<void> {
    const refusal = this.refusesParallelism(parallelism);
    if (refusal !== undefined) throw new Refusal(refusal);
    if (this.#layout?.parallelism !== parallelism) await this.#layOutAnew(parallelism);
  }

  async replay(ids: readonly string[]): Promise<void> {
    const parallelism = this.#layout?.parallelism ?? this.#options.parallelism;
    const refusal = this.refusesParallelism(parallelism)?.replace(/ to parallelism \d+/, '');
    if (this.#letters === undefined || refusal !== undefined)
      throw new Refusal(`Cannot replay dead letters: ${refusal ?? 'the job has not begun'}`);
    await this.#prepared?.store.verify();
    await this.#letters.release(ids);
    await this.#layOutAnew(parallelism);
  }

  /** Ends the attempt with a checkpoint and begins the next one, which may have another parallelism. */
  async #layOutAnew(parallelism: number): Promise<void> {
    const [prepared, from] = [this.#prepared, this.#layout];
    if (prepared === undefined || from === undefined) return;
    const { plan } = prepared;
    const to = { graph: layOut(plan, parallelism, maxParallelismOf(from.graph)), parallelism };
    const options = { ...this.#options, parallelism };
    const slots = new WarmSlots({ options, plan, graph: to.graph, host: this.#host });
    const rescaling = new Rescaling(from, to, slots);
    this.#rescaling = rescaling;
    this.#moveTo(rescaling).catch((error: unknown) => this.#giveUp(rescaling, error));
    await rescaling.done;
  }

  async cancel(): Promise<void> {
    if (!this.#cancelled && !this.#record.over) {
      this.#cancelled = true;
      this.#record.enter('CANCELLING');
      this.#interrupt();
    }
    await this.ended;
  }

  #queries(): QueryRouter {
    if (this.#attempt === undefined || this.#record.state !== 'RUNNING')
      throw new StateQueryError(
        'not-running',
        `Cannot read state of job ${this.id}: it is ${this.#record.state}; ask again when it is RUNNING`,
      );
    return this.#attempt.queries;
  }

  #request(request: CheckpointRequest): void {
    if (this.#attempt === undefined) {
      request.done({
        status: 'failed',
        failure: `Job ${this.id} is ${this.#record.state} and has no state in hand; ask again when it is RUNNING`,
      });
      return;
    }
    this.#attempt.request(request);
  }

  /** Threads first, then most of the state, and the rest of it while sources stand still. */
  async #moveTo(rescaling: Rescaling): Promise<void> {
    await rescaling.slots.ready;
    await this.#checkpoint('continue');
    rescaling.pausedAtMs = this.#host.clock.now();
    await this.#checkpoint('suspend', () => rescaling.switch());
  }

  async #giveUp(rescaling: Rescaling, error: unknown): Promise<void> {
    if (rescaling.switching) return;
    if (this.#rescaling === rescaling) this.#rescaling = undefined;
    await rescaling.abandon(error instanceof Error ? error.message : String(error), error);
  }

  #checkpoint(after: CheckpointRequest['after'], completed?: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#request({
        after,
        done: (status) => {
          if (status.status === 'failed') {
            reject(new Error(status.failure));
            return;
          }
          completed?.();
          resolve();
        },
      });
    });
  }

  async #live(): Promise<JobEnd> {
    await this.#record.recall();
    let start: PreparedStart;
    try {
      start = await prepareJob(this.#options, this.#host);
    } catch (error) {
      return this.#failed(faultOf(error, { atMs: this.#host.clock.now() }), causedByFence(error));
    }
    const { prepared } = start;
    let first = start.first;
    this.#record.prepared(prepared);
    this.#prepared = prepared;
    this.#letters = await DeadLetters.load(this.#host.storage, this.#options.prefix);
    this.#checkpointId = Math.max(prepared.store.newestId, prepared.restored?.manifest.checkpointId ?? 0);
    for (;;) {
      const outcome: Outcome = this.#cancelled ? { kind: 'cancelled' } : await this.#try(prepared, first);
      // State may be large and is in its operators now.
      first = undefined;
      if (outcome.kind === 'rescaled') continue;
      const fellBack = await this.#endRescaling(outcome);
      if (outcome.kind === 'cancelled') return { state: 'CANCELED', fenced: false };
      if (outcome.kind === 'finished') return { state: 'FINISHED', fenced: false };
      if (fellBack) continue;
      const poison = await this.#judge(outcome);
      if (poison === 'set-aside') {
        await this.#waitToRestart(0, outcome.fault);
        continue;
      }
      if (poison !== undefined) return this.#failed(outcome.fault, false, poison.message);
      const delayMs = outcome.curable
        ? this.#strategy.next(this.#host.clock.now(), this.#host.random())
        : undefined;
      if (delayMs === undefined) return this.#failed(outcome.fault, outcome.fenced);
      await this.#waitToRestart(delayMs, outcome.fault);
    }
  }

  /** One attempt, from the latest completed checkpoint to its end. */
  async #try(prepared: PreparedJob, first: ReadCheckpoint | undefined): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#interrupt = () => resolve({ kind: 'cancelled' });
    const { layout, slots } = this.#place(prepared);
    try {
      const from = first ?? (await this.#lastState(prepared));
      // Nothing of the attempt before may run when this one begins to read and to write.
      await this.#closing;
      this.#restoredFrom = from?.located.manifest.checkpointId;
      if (from !== undefined) this.#restored(from.located);
      this.#record.attemptBegins(layout);
      this.#attempt = new JobAttempt({
        ...prepared,
        graph: layout.graph,
        slots,
        options: { ...this.#options, parallelism: layout.parallelism },
        host: this.#host,
        log: this.#log,
        start: {
          manifest: from?.located.manifest,
          parts: from?.parts ?? [],
          owned: from !== undefined && prepared.store.owns(from.located),
          letters: this.#letters?.all ?? [],
        },
        nextCheckpointId: () => (this.#checkpointId += 1),
        listener: this.#listener(resolve),
      });
    } catch (error) {
      const fault = faultOf(error, { atMs: this.#host.clock.now() });
      const fenced = causedByFence(error);
      resolve(this.#broken({ fault, fenced, curable: !fenced && !(error instanceof Refusal) }));
    }
    const outcome = await promise;
    this.#closing = Promise.all([this.#closing, this.#endAttempt(outcome)]);
    // A rescaling has stopped its sources already, and state is read while threads end.
    if (outcome.kind !== 'rescaled') await this.#closing;
    return outcome;
  }

  /** What a restart begins with: the job's own last checkpoint, or before the first what it was restored from. */
  async #lastState({ store, restored }: PreparedJob): Promise<ReadCheckpoint | undefined> {
    const completed = await store.lastCompleted();
    if (completed !== undefined || restored === undefined) return completed;
    return store.read(restored.key);
  }

  #listener(resolve: (outcome: Outcome) => void): AttemptListener {
    return {
      ...this.#record.listener,
      running: () => {
        this.#record.listener.running();
        this.#rescaled();
      },
      finished: () => resolve({ kind: this.#rescaling?.switching === true ? 'rescaled' : 'finished' }),
      broke: (fault, fenced, entered) =>
        resolve(this.#broken({ fault, fenced, entered, curable: !fenced && isCurable(fault) })),
    };
  }

  #broken(how: Omit<Broke, 'kind'>): Broke {
    const restoredFrom = this.#restoredFrom;
    const fault = restoredFrom === undefined ? how.fault : { ...how.fault, restoredFrom };
    this.#record.fault(fault);
    return { kind: 'broke', ...how, fault };
  }

  /** Looks whether the fault is in its record; gives why the job fails if it does, and undefined for any other fault. */
  async #judge(outcome: Broke): Promise<'set-aside' | { readonly message: string } | undefined> {
    const { fault, entered, curable } = outcome;
    const letters = this.#letters;
    if (!curable || letters === undefined) return undefined;
    const verdict = this.#poison.judge(fault, entered, letters.waiting);
    if (verdict.kind !== 'set-aside') return verdict.kind === 'fail' ? verdict : undefined;
    const { record } = verdict;
    const setAsideAtMs = this.#host.clock.now();
    // Durable first: from the next attempt on nobody sees the record any more.
    const letter = { record, fault, setAsideAtMs, jobId: this.id, status: 'set-aside' } as const;
    try {
      await this.#prepared?.store.verify();
      await letters.put(letter);
    } catch (error) {
      // The record stays where it is, and meets its fault again.
      this.#record.fault(faultOf(error, { atMs: setAsideAtMs }));
      return undefined;
    }
    this.#strategy.forgive();
    const { operator = '', message: reason } = fault;
    this.#report({ type: 'record-set-aside', jobId: this.id, letter: record.id, operator, reason });
    return 'set-aside';
  }

  /** Where the next attempt runs: in the slots of a rescaling that has come so far. */
  #place({ graph }: PreparedJob): { readonly layout: JobLayout; readonly slots: WarmSlots | undefined } {
    const rescaling = this.#rescaling?.switching === true ? this.#rescaling : undefined;
    const layout = rescaling?.to ?? this.#layout ?? { graph, parallelism: this.#options.parallelism };
    this.#layout = layout;
    return { layout, slots: rescaling?.slots };
  }

  /** The attempt of the new parallelism has all its state. */
  #rescaled(): void {
    const rescaling = this.#rescaling;
    if (rescaling?.switching !== true) return;
    this.#rescaling = undefined;
    const { from, to, pausedAtMs } = rescaling;
    if (from.parallelism !== to.parallelism)
      this.#report({
        type: 'job-rescaled',
        jobId: this.id,
        from: from.parallelism,
        to: to.parallelism,
        pausedMs: this.#host.clock.now() - pausedAtMs,
      });
    rescaling.complete();
  }

  /** True when the job goes on at once with the parallelism that it had before. */
  async #endRescaling(outcome: Outcome): Promise<boolean> {
    const rescaling = this.#rescaling;
    if (rescaling === undefined) return false;
    this.#rescaling = undefined;
    this.#layout = rescaling.from;
    const { switching } = rescaling;
    await rescaling.abandon(outcome.kind === 'broke' ? outcome.fault.message : `the job was ${outcome.kind}`);
    return switching && outcome.kind === 'broke' && !outcome.fenced;
  }

  async #endAttempt(outcome: Outcome): Promise<void> {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    this.#record.attemptEnds(outcome.kind);
    await attempt?.close(
      outcome.kind === 'broke' ? `The job failed: ${outcome.fault.message}` : `The job was ${outcome.kind}`,
    );
  }

  #restored({ key, manifest }: LocatedManifest): void {
    const { checkpointId, savepoint } = manifest;
    this.#log.restored({ id: checkpointId, atMs: this.#host.clock.now(), savepoint, manifest: key });
    this.#report({ type: 'job-restored', jobId: this.id, checkpointId, savepoint, manifest: key });
  }

  async #waitToRestart(delayMs: number, fault: Fault): Promise<void> {
    this.#record.enter('RESTARTING');
    this.#report({
      type: 'job-restarting',
      jobId: this.id,
      restart: (this.#restarts += 1),
      delayMs,
      reason: fault.message,
    });
    let cancel: Cancel | undefined;
    await new Promise<void>((resolve) => {
      this.#interrupt = resolve;
      cancel = this.#host.schedule(delayMs, resolve);
    });
    cancel?.();
  }

  #failed(fault: Fault, fenced: boolean, message?: string): JobEnd {
    this.#record.enter('FAILING');
    this.#record.fault(fault);
    if (fenced)
      this.#report({ type: 'job-fenced', jobId: this.id, epoch: this.#options.epoch, reason: fault.message });
    const failure = this.#record.firstFault ?? fault;
    return {
      state: 'FAILED',
      failure: { ...failure, ...(message === undefined ? {} : { message }) },
      fenced,
    };
  }

  #report(event: EngineEvent): void {
    this.#host.reporter.report(event);
  }
}

/** The name of a `StateMigrationError`, as a fault carries it. */
const MIGRATION_REFUSED = 'StateMigrationError';

/** State that does not fit the program will not fit it at the next try either. */
function isCurable({ name }: Fault): boolean {
  return name !== MIGRATION_REFUSED;
}
