import type { Host } from '../host.ts';
import type { CheckpointLog } from './coordinator/checkpoint-log.ts';
import { FaultLog } from './fault-log.ts';
import type { AttemptListener } from './job-attempt.ts';
import { type DiaryPage, JobDiary } from './job-diary.ts';
import type { JobLayout } from './job-layout.ts';
import type { JobOptions } from './job-options.ts';
import type { Fault, JobState, JobStatusView, ThreadFigures, UndecodableSample } from './job-status.ts';
import type { PreparedJob } from './prepare-job.ts';
import { VertexViews } from './vertex-views.ts';

const UNDECODABLE_SAMPLES = 100;

/** What can be said of a job, kept while it runs and after it: nothing here decides anything. */
export class JobRecord {
  readonly #options: JobOptions;
  readonly #host: Host;
  readonly #log: CheckpointLog;
  readonly #faults = new FaultLog();
  readonly #diary: JobDiary;
  readonly #undecodable: UndecodableSample[] = [];
  #threads: ThreadFigures[] = [];
  readonly #timestamps: Partial<Record<JobState, number>> = {};
  readonly #startedAtMs: number;
  #state: JobState = 'INITIALIZING';
  #prepared: PreparedJob | undefined;
  #vertices: VertexViews | undefined;
  #layout: JobLayout | undefined;
  #attempts = 0;
  #rescales = 0;

  constructor(options: JobOptions, host: Host, log: CheckpointLog) {
    this.#options = options;
    this.#host = host;
    this.#log = log;
    this.#diary = new JobDiary(host, options);
    this.#startedAtMs = host.clock.now();
    this.#timestamps.INITIALIZING = this.#startedAtMs;
  }

  get state(): JobState {
    return this.#state;
  }

  get over(): boolean {
    return this.#state === 'FINISHED' || this.#state === 'FAILED' || this.#state === 'CANCELED';
  }

  enter(state: JobState): void {
    if (state === this.#state) return;
    const previous = this.#state;
    this.#state = state;
    this.#timestamps[state] = this.#host.clock.now();
    this.#host.reporter.report({ type: 'job-state-changed', jobId: this.#options.jobId, state, previous });
  }

  prepared(prepared: PreparedJob): void {
    this.#prepared = prepared;
    this.#vertices = new VertexViews(prepared.graph, 0, this.#host.clock.now());
    this.enter('CREATED');
  }

  attemptBegins(layout: JobLayout): void {
    this.#layout = layout;
    this.#threads = [];
    this.#vertices = new VertexViews(layout.graph, this.#attempts, this.#host.clock.now());
    this.#attempts += 1;
  }

  attemptEnds(outcome: 'finished' | 'cancelled' | 'rescaled' | 'broke'): void {
    const now = this.#host.clock.now();
    if (outcome === 'rescaled') this.#rescales += 1;
    this.#vertices?.ended(
      outcome === 'finished' ? 'FINISHED' : outcome === 'broke' ? 'FAILED' : 'CANCELED',
      now,
    );
  }

  /** Takes over what an earlier process of this job saw. */
  async recall(): Promise<void> {
    const page = await this.#diary.read();
    if (page === undefined) return;
    this.#faults.restore(page.faults);
    this.#undecodable.push(...page.undecodable);
  }

  close(): void {
    this.#diary.close(() => this.#page());
  }

  /** A fault by which a job learns that it was replaced concerns nobody but its own process. */
  fault(fault: Fault, fenced: boolean): void {
    if (fenced) this.#diary.forsake();
    if (this.#faults.all[0] === fault) return;
    this.#faults.add(fault);
    this.#diary.write(this.#page());
    this.#host.reporter.report({
      type: 'subtask-failed',
      jobId: this.#options.jobId,
      operator: fault.operator ?? fault.vertex ?? '',
      subtask: fault.subtask ?? -1,
      reason: fault.message,
      ...(fault.stack === undefined ? {} : { stack: fault.stack }),
    });
  }

  /** What an attempt tells and nobody has to act on. */
  get listener(): Omit<AttemptListener, 'finished' | 'broke'> {
    const { jobId } = this.#options;
    const { clock, reporter } = this.#host;
    return {
      running: () => {
        this.#vertices?.running();
        if (this.#state !== 'CANCELLING') this.enter('RUNNING');
      },
      reading: (vertex) => this.#vertices?.reading(vertex),
      subtaskFinished: (vertex, subtask) => this.#vertices?.finished(vertex, subtask, clock.now()),
      metrics: (metrics) => this.#vertices?.metrics(metrics, clock.now()),
      thread: (slot, figures) => {
        this.#threads[slot] = figures;
      },
      undecodable: (samples) => this.#setAside(samples),
      completed: ({ id, triggeredAtMs, writtenBytes, request }, manifest) => {
        const [durationMs, savepoint] = [clock.now() - triggeredAtMs, request.directory !== undefined];
        reporter.report({
          type: 'checkpoint-completed',
          jobId,
          checkpointId: id,
          durationMs,
          bytes: writtenBytes,
          savepoint,
          manifest,
        });
      },
      failed: ({ id, request }, reason) => {
        reporter.report({
          type: 'checkpoint-failed',
          jobId,
          checkpointId: id,
          reason,
          savepoint: request.directory !== undefined,
        });
      },
    };
  }

  view(): Omit<JobStatusView, 'deadLetters'> {
    const endedAtMs = this.over ? this.#timestamps[this.#state] : undefined;
    const { jobId, name, epoch, parallelism, maxParallelism } = this.#options;
    return {
      id: jobId,
      name,
      state: this.#state,
      startedAtMs: this.#startedAtMs,
      ...(endedAtMs === undefined ? {} : { endedAtMs }),
      timestamps: { ...this.#timestamps },
      epoch,
      graphHash: this.#prepared?.plan.graphHash ?? '',
      parallelism: this.#layout?.parallelism ?? parallelism,
      maxParallelism: this.#prepared?.graph.vertices[0]?.maxParallelism ?? maxParallelism ?? -1,
      restarts: Math.max(0, this.#attempts - 1 - this.#rescales),
      vertices: this.#vertices?.view() ?? [],
      checkpoints: this.#log.view(),
      faults: this.#faults.all,
      faultGroups: this.#faults.groups,
      ...(this.#faults.first === undefined ? {} : { firstFault: this.#faults.first }),
      undecodable: [...this.#undecodable],
      threads: [...this.#threads],
    };
  }

  #setAside(samples: readonly UndecodableSample[]): void {
    const { jobId } = this.#options;
    for (const { operator, subtask, split, position, reason } of samples) {
      this.#host.reporter.report({
        type: 'record-undecodable',
        jobId,
        operator,
        subtask,
        split,
        position,
        reason,
      });
    }
    this.#undecodable.push(...samples);
    this.#undecodable.splice(0, this.#undecodable.length - UNDECODABLE_SAMPLES);
    this.#diary.note(() => this.#page());
  }

  #page(): DiaryPage {
    return { faults: this.#faults.history, undecodable: this.#undecodable };
  }
}
