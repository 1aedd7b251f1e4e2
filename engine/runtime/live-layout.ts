import type { JobGraph } from '../graph/job-graph.ts';
import type { Host } from '../host.ts';
import type { Outcome } from './attempt-outcome.ts';
import { readManifest } from './coordinator/manifest.ts';
import type { CheckpointRequest } from './coordinator/checkpoint-request.ts';
import { maxParallelismOf, type JobLayout } from './job-layout.ts';
import type { JobOptions } from './job-options.ts';
import { layOut, type JobPlan } from './job-plan.ts';
import type { JobState } from './job-status.ts';
import { obstacleToRescaling, Rescaling } from './rescaling.ts';
import { WarmSlots } from './warm-slots.ts';

/** Each round leaves what has changed while the one before was read: after a few the rest is as small as it gets. */
const ROUNDS_MAX = 5;
const SHORT_ROUND_MS = 250;

/** What a change of the layout needs of its job. */
export interface LiveLayoutContext {
  readonly options: JobOptions;
  readonly host: Host;
  readonly state: () => JobState;
  /** To the attempt that runs. */
  readonly request: (request: CheckpointRequest) => void;
  /** Slots that wait for the first attempt. */
  readonly first?: WarmSlots | undefined;
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
  #first: WarmSlots | undefined;

  constructor(context: LiveLayoutContext) {
    this.#context = context;
    this.#first = context.first;
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

  /** Where the next attempt runs: in the slots of a rescaling that has come so far, or in those that waited for the first. */
  place(graph: JobGraph): AttemptPlace {
    const rescaling = this.switching ? this.#rescaling : undefined;
    const { parallelism } = this.#context.options;
    const first = this.#takeFirst(graph);
    this.#current = rescaling?.to ?? this.#current ?? { graph: first?.graph ?? graph, parallelism };
    return { layout: this.#current, slots: rescaling?.slots ?? first };
  }

  /** Slots that were started before the state was known have to have its key groups. */
  #takeFirst(graph: JobGraph): WarmSlots | undefined {
    const first = this.#first;
    this.#first = undefined;
    if (first === undefined || maxParallelismOf(first.graph) === maxParallelismOf(graph)) return first;
    void first.terminate();
    return undefined;
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
    const { clock } = this.#context.host;
    await rescaling.slots.ready;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const manifest = await this.#checkpoint('continue');
      const begunAt = clock.now();
      await this.#preload(rescaling.slots, manifest);
      // What has changed meanwhile takes no longer, and no round makes it less.
      if (clock.now() - begunAt < SHORT_ROUND_MS) break;
    }
    rescaling.pausedAtMs = clock.now();
    await this.#checkpoint('suspend', () => rescaling.switch());
  }

  async #preload(slots: WarmSlots, key: string): Promise<void> {
    const { manifest } = await readManifest(this.#context.host.storage, key);
    await slots.preloaded.read(manifest);
  }

  async #giveUp(rescaling: Rescaling, error: unknown): Promise<void> {
    if (rescaling.switching) return;
    if (this.#rescaling === rescaling) this.#rescaling = undefined;
    await rescaling.abandon(error instanceof Error ? error.message : String(error), error);
  }

  /** Gives the key of its manifest. */
  #checkpoint(after: CheckpointRequest['after'], completed?: () => void): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#context.request({
        after,
        brief: true,
        done: (status) => {
          if (status.status === 'failed') {
            reject(new Error(status.failure));
            return;
          }
          completed?.();
          resolve(status.status === 'completed' ? status.location : '');
        },
      });
    });
  }
}
