import type { JobGraph } from '../graph/job-graph.ts';
import type { Host } from '../host.ts';
import type { Outcome } from './attempt-outcome.ts';
import type { CheckpointRequest } from './coordinator/checkpoint-request.ts';
import { maxParallelismOf, type JobLayout } from './job-layout.ts';
import type { JobOptions } from './job-options.ts';
import { layOut, type JobPlan } from './job-plan.ts';
import type { JobState } from './job-status.ts';
import { obstacleToRescaling, Rescaling } from './rescaling.ts';
import { WarmSlots } from './warm-slots.ts';

/** What a change of the layout needs of its job. */
export interface LiveLayoutContext {
  readonly options: JobOptions;
  readonly host: Host;
  readonly state: () => JobState;
  /** To the attempt that runs. */
  readonly request: (request: CheckpointRequest) => void;
}

/** Where an attempt runs. */
export interface AttemptPlace {
  readonly layout: JobLayout;
  /** Undefined where the attempt has to start its slots itself. */
  readonly slots: WarmSlots | undefined;
}

/**
 * How a living job is laid out on slots, and its way from one layout to the next.
 *
 * Contract: one change at a time. Up to the last checkpoint of the old layout a change can be given up as if nothing had
 * been; from there on the next attempt has the new one, and one that breaks before it runs gives way to the old one.
 */
export class LiveLayout {
  readonly #context: LiveLayoutContext;
  #current: JobLayout | undefined;
  #rescaling: Rescaling | undefined;

  constructor(context: LiveLayoutContext) {
    this.#context = context;
  }

  get parallelism(): number {
    return this.#current?.parallelism ?? this.#context.options.parallelism;
  }

  /** True from the last checkpoint of the old layout until the new one runs. */
  get switching(): boolean {
    return this.#rescaling?.switching === true;
  }

  /** Why the job may not be laid out anew now; undefined when it may. */
  obstacle(parallelism: number): string | undefined {
    const busy = this.#rescaling !== undefined;
    return obstacleToRescaling({ state: this.#context.state(), layout: this.#current, busy }, parallelism);
  }

  /**
   * Ends the attempt with a checkpoint and begins the next one, which may have another parallelism. Only without an
   * {@link obstacle}; resolves when that one runs, rejects when the job goes on as before.
   */
  async change(plan: JobPlan, parallelism: number): Promise<void> {
    const from = this.#current;
    if (from === undefined) return;
    const { options, host } = this.#context;
    const to = { graph: layOut(plan, parallelism, maxParallelismOf(from.graph)), parallelism };
    const slots = new WarmSlots({ options: { ...options, parallelism }, plan, graph: to.graph, host });
    const rescaling = new Rescaling(from, to, slots);
    this.#rescaling = rescaling;
    this.#moveTo(rescaling).catch((error: unknown) => this.#giveUp(rescaling, error));
    await rescaling.done;
  }

  /** Where the next attempt runs: in the slots of a rescaling that has come so far. */
  place(graph: JobGraph): AttemptPlace {
    const rescaling = this.switching ? this.#rescaling : undefined;
    const { parallelism } = this.#context.options;
    this.#current = rescaling?.to ?? this.#current ?? { graph, parallelism };
    return { layout: this.#current, slots: rescaling?.slots };
  }

  /** An attempt runs and has all its state. */
  attemptRuns(): void {
    const rescaling = this.#rescaling;
    if (rescaling?.switching !== true) return;
    this.#rescaling = undefined;
    const { from, to, pausedAtMs } = rescaling;
    const { options, host } = this.#context;
    if (from.parallelism !== to.parallelism)
      host.reporter.report({
        type: 'job-rescaled',
        jobId: options.jobId,
        from: from.parallelism,
        to: to.parallelism,
        pausedMs: host.clock.now() - pausedAtMs,
      });
    rescaling.complete();
  }

  /** An attempt has ended; true when the job goes on at once with the layout that it had before. */
  async attemptEnded(outcome: Outcome): Promise<boolean> {
    const rescaling = this.#rescaling;
    if (rescaling === undefined) return false;
    this.#rescaling = undefined;
    this.#current = rescaling.from;
    const { switching } = rescaling;
    await rescaling.abandon(outcome.kind === 'broke' ? outcome.fault.message : `the job was ${outcome.kind}`);
    return switching && outcome.kind === 'broke' && !outcome.fenced;
  }

  /** Threads first, then most of the state, and the rest of it while sources stand still. */
  async #moveTo(rescaling: Rescaling): Promise<void> {
    await rescaling.slots.ready;
    await this.#checkpoint('continue');
    rescaling.pausedAtMs = this.#context.host.clock.now();
    await this.#checkpoint('suspend', () => rescaling.switch());
  }

  async #giveUp(rescaling: Rescaling, error: unknown): Promise<void> {
    if (rescaling.switching) return;
    if (this.#rescaling === rescaling) this.#rescaling = undefined;
    await rescaling.abandon(error instanceof Error ? error.message : String(error), error);
  }

  #checkpoint(after: CheckpointRequest['after'], completed?: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#context.request({
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
}
