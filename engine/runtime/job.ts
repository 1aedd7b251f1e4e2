import type { Cancel, EngineEvent, Host } from '../host.ts';
import { isCurable, type Broke, type Outcome } from './attempt-outcome.ts';
import { CheckpointLog } from './coordinator/checkpoint-log.ts';
import type { CheckpointRequest } from './coordinator/checkpoint-request.ts';
import type { LocatedManifest } from './coordinator/manifest.ts';
import type { ReadCheckpoint } from './coordinator/read-checkpoint.ts';
import type { Unread } from './coordinator/read-parts.ts';
import { Refusal } from './coordinator/refusal.ts';
import { TriggerLog } from './coordinator/trigger-log.ts';
import { causedByFence, faultOf } from './fault.ts';
import { JobAttempt, type AttemptListener } from './job-attempt.ts';
import { DEFAULT_CHECKPOINT_TIMEOUT_MS, type JobOptions } from './job-options.ts';
import { JobRecord } from './job-record.ts';
import type { Fault, Job, JobEnd, JobStatusView, TriggerStatus } from './job-status.ts';
import { LiveLayout } from './live-layout.ts';
import { PoisonRecords } from './poison/poison-records.ts';
import { acceptedPlan, prepareJob, type PreparedJob, type PreparedStart } from './prepare-job.ts';
import type { QueryRouter } from './queries/query-router.ts';
import { StateQueryError } from './queries/state-query.ts';
import type { StateAnswer, StateQuery, StateSummary } from './queries/state-query.ts';
import { restartStrategy, type RestartStrategy } from './restart-strategy.ts';
import type { WarmSlots } from './warm-slots.ts';

/** Starts a job, in slots that wait for it where there are some; what becomes of it, its `ended` tells. */
export function startJob(options: JobOptions, host: Host, warm?: WarmSlots): Job {
  const job = new RunningJob(options, host, warm);
  job.start();
  return job;
}

/** All that comes before the first attempt. */
interface FirstStart extends PreparedStart {
  readonly poison: PoisonRecords;
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
  readonly #layout: LiveLayout;
  /** Until the first attempt has begun. */
  #warm: WarmSlots | undefined;
  readonly #savepoints = new TriggerLog();
  readonly #checkpoints = new TriggerLog();
  readonly #resolveEnded: (end: JobEnd) => void;
  #attempt: JobAttempt | undefined;
  #prepared: PreparedJob | undefined;
  #poison: PoisonRecords | undefined;
  #restoredFrom: number | undefined;
  #cancelled = false;
  /** Ends what the job waits for now: its attempt, or the delay before the next one. */
  #interrupt: () => void = () => undefined;
  /** The attempt before is on its way out. */
  #closing: Promise<unknown> = Promise.resolve();
  #checkpointId = 0;
  #restarts = 0;
  readonly #begunAtMs: number;

  constructor(options: JobOptions, host: Host, warm: WarmSlots | undefined) {
    this.id = options.jobId;
    this.#options = options;
    this.#host = host;
    this.#begunAtMs = host.clock.now();
    this.#log = new CheckpointLog(
      options.checkpointIntervalMs,
      options.checkpointTimeoutMs ?? DEFAULT_CHECKPOINT_TIMEOUT_MS,
    );
    this.#record = new JobRecord(options, host, this.#log);
    this.#strategy = restartStrategy(options.restart);
    this.#layout = new LiveLayout({
      options,
      host,
      state: () => this.#record.state,
      request: (request) => this.#request(request),
      first: warm,
    });
    this.#warm = warm;
    const { promise, resolve } = Promise.withResolvers<JobEnd>();
    this.ended = promise;
    this.#resolveEnded = resolve;
  }

  start(): void {
    void this.#live()
      .catch((error: unknown) =>
        this.#failed(faultOf(error, { atMs: this.#host.clock.now() }), causedByFence(error)),
      )
      .then(async (end) => {
        // A job that never came to an attempt leaves them waiting.
        await this.#warm?.terminate();
        this.#record.close();
        this.#record.enter(end.state);
        this.#resolveEnded(end);
      });
  }

  status(): JobStatusView {
    return { ...this.#record.view(), deadLetters: this.#poison?.letters.views ?? [] };
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

  triggerCheckpoint(triggerId?: string, brief = false): void {
    if (triggerId !== undefined && !this.#checkpoints.begin(triggerId)) return;
    this.#request({
      after: 'continue',
      brief,
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
    const obstacle = this.#layout.obstacle(parallelism);
    return obstacle && `Cannot rescale job ${this.id} to parallelism ${parallelism}: ${obstacle}`;
  }

  async rescale(parallelism: number): Promise<void> {
    const refusal = this.refusesParallelism(parallelism);
    if (refusal !== undefined) throw new Refusal(refusal);
    if (this.#layout.parallelism !== parallelism) await this.#layOutAnew(parallelism);
  }

  async replay(ids: readonly string[]): Promise<void> {
    const { parallelism } = this.#layout;
    const obstacle = this.#layout.obstacle(parallelism);
    if (obstacle !== undefined)
      throw new Refusal(`Cannot replay dead letters of job ${this.id}: ${obstacle}`);
    await this.#poison?.release(ids);
    await this.#layOutAnew(parallelism);
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

  async #layOutAnew(parallelism: number): Promise<void> {
    if (this.#prepared !== undefined) await this.#layout.change(this.#prepared.plan, parallelism);
  }

  async #live(): Promise<JobEnd> {
    await this.#record.recall();
    const start = await this.#prepare();
    if ('state' in start) return start;
    const { prepared, poison } = start;
    let { first } = start;
    this.#record.prepared(prepared);
    this.#prepared = prepared;
    this.#poison = poison;
    this.#checkpointId = Math.max(prepared.store.newestId, prepared.restored?.manifest.checkpointId ?? 0);
    for (;;) {
      const outcome: Outcome = this.#cancelled ? { kind: 'cancelled' } : await this.#try(prepared, first);
      // State may be large and is in its operators now.
      first = undefined;
      if (outcome.kind === 'rescaled') continue;
      const fellBack = await this.#layout.attemptEnded(outcome);
      if (outcome.kind === 'cancelled') return { state: 'CANCELED', fenced: false };
      if (outcome.kind === 'finished') return { state: 'FINISHED', fenced: false };
      if (fellBack) continue;
      const verdict = await poison.judge(outcome);
      if (verdict.kind === 'fail') return this.#failed(outcome.fault, false, verdict.message);
      if (verdict.kind === 'set-aside') {
        this.#strategy.forgive();
        await this.#waitToRestart(0, outcome.fault);
        continue;
      }
      const delayMs = outcome.curable
        ? this.#strategy.next(this.#host.clock.now(), this.#host.random())
        : undefined;
      if (delayMs === undefined) return this.#failed(outcome.fault, outcome.fenced);
      await this.#waitToRestart(delayMs, outcome.fault);
    }
  }

  /** What the first attempt begins with, as soon as the storage gives it; or an end without any attempt. */
  async #prepare(): Promise<FirstStart | JobEnd> {
    const plan = await acceptedPlan(this.#options);
    const unread = await unreadBy(this.#warm);
    while (!this.#cancelled) {
      try {
        const start = await prepareJob(plan, this.#options, { host: this.#host, unread });
        return { ...start, poison: await this.#loadPoison(start.prepared) };
      } catch (error) {
        const fault = faultOf(error, { atMs: this.#host.clock.now() });
        const fenced = causedByFence(error);
        const delayMs =
          fenced || error instanceof Refusal || !isCurable(fault)
            ? undefined
            : this.#strategy.next(this.#host.clock.now(), this.#host.random());
        if (delayMs === undefined) return this.#failed(fault, fenced);
        this.#record.fault(fault, false);
        await this.#waitToRestart(delayMs, fault);
      }
    }
    return { state: 'CANCELED', fenced: false };
  }

  #loadPoison({ store }: PreparedJob): Promise<PoisonRecords> {
    return PoisonRecords.load({
      options: this.#options,
      host: this.#host,
      verify: () => store.verify(),
      failed: (fault, fenced) => this.#record.fault(fault, fenced),
    });
  }

  /** One attempt, from the latest completed checkpoint to its end. */
  async #try(prepared: PreparedJob, first: ReadCheckpoint | undefined): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#interrupt = () => resolve({ kind: 'cancelled' });
    const { layout, slots } = this.#layout.place(prepared.graph);
    try {
      // Slots that do not fit have read what nobody else has.
      const usable = this.#warm === slots ? first : undefined;
      this.#warm = undefined;
      const sinceMs = usable === undefined ? this.#host.clock.now() : this.#begunAtMs;
      const from = usable ?? (await this.#lastState(prepared, await unreadBy(slots)));
      // Nothing of the attempt before may run when this one begins to read and to write.
      await this.#closing;
      this.#restoredFrom = from?.located.manifest.checkpointId;
      if (from !== undefined) this.#restored(from.located, { slots, sinceMs });
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
          letters: this.#poison?.letters.all ?? [],
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
  async #lastState(
    { store, restored }: PreparedJob,
    unread: Unread | undefined,
  ): Promise<ReadCheckpoint | undefined> {
    const completed = await store.lastCompleted(unread);
    if (completed !== undefined || restored === undefined) return completed;
    return store.read(restored.key, unread);
  }

  #listener(resolve: (outcome: Outcome) => void): AttemptListener {
    return {
      ...this.#record.listener,
      running: () => {
        this.#record.listener.running();
        this.#layout.attemptRuns();
      },
      finished: () => resolve({ kind: this.#layout.switching ? 'rescaled' : 'finished' }),
      broke: (fault, fenced, entered) =>
        resolve(this.#broken({ fault, fenced, entered, curable: !fenced && isCurable(fault) })),
    };
  }

  #broken(how: Omit<Broke, 'kind'>): Broke {
    const restoredFrom = this.#restoredFrom;
    const fault = restoredFrom === undefined ? how.fault : { ...how.fault, restoredFrom };
    this.#record.fault(fault, how.fenced);
    return { kind: 'broke', ...how, fault };
  }

  async #endAttempt(outcome: Outcome): Promise<void> {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    this.#record.attemptEnds(outcome.kind);
    await attempt?.close(
      outcome.kind === 'broke' ? `The job failed: ${outcome.fault.message}` : `The job was ${outcome.kind}`,
    );
  }

  #restored(
    { key, manifest }: LocatedManifest,
    { slots, sinceMs }: { readonly slots: WarmSlots | undefined; readonly sinceMs: number },
  ): void {
    const { checkpointId, savepoint, operators } = manifest;
    const readMs = this.#host.clock.now() - sinceMs;
    const handOver = slots && { ...slots.preloaded.handOver(operators), readMs };
    this.#log.restored({ id: checkpointId, atMs: this.#host.clock.now(), savepoint, manifest: key });
    this.#report({
      type: 'job-restored',
      jobId: this.id,
      checkpointId,
      savepoint,
      manifest: key,
      ...(handOver === undefined ? {} : { handOver }),
    });
  }

  async #waitToRestart(delayMs: number, fault: Fault): Promise<void> {
    if (this.#cancelled) return;
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
    this.#record.fault(fault, fenced);
    if (fenced)
      this.#report({ type: 'job-fenced', jobId: this.id, epoch: this.#options.epoch, reason: fault.message });
    return {
      state: 'FAILED',
      failure: { ...fault, ...(message === undefined ? {} : { message }) },
      fenced,
    };
  }

  #report(event: EngineEvent): void {
    this.#host.reporter.report(event);
  }
}

/** What slots have not read in advance; they read no more from here on. */
async function unreadBy(slots: WarmSlots | undefined): Promise<Unread | undefined> {
  await slots?.preloaded.stop();
  return slots && ((operators) => slots.preloaded.rest(operators));
}
