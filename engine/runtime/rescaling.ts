import { maxParallelismOf, type JobLayout } from './job-layout.ts';
import type { JobState } from './job-status.ts';
import type { WarmSlots } from './warm-slots.ts';

/**
 * One change of a job's parallelism on its way: slots for the new one are started while the old ones run.
 *
 * Contract: `abandon` ends whatever was begun and may be called at any time; the job then goes on as it was.
 */
export class Rescaling {
  readonly from: JobLayout;
  readonly to: JobLayout;
  readonly slots: WarmSlots;
  /** Resolves when the job runs with its new parallelism, rejects when it goes on with the old one. */
  readonly done: Promise<void>;
  /** Sources stand behind the barrier of the last checkpoint since then. */
  pausedAtMs = 0;
  readonly #resolve: () => void;
  readonly #reject: (reason: Error) => void;
  #phase: 'preparing' | 'switching' | 'over' = 'preparing';

  constructor(from: JobLayout, to: JobLayout, slots: WarmSlots) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.from = from;
    this.to = to;
    this.slots = slots;
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** True from the last checkpoint with the old parallelism until the new one runs. */
  get switching(): boolean {
    return this.#phase === 'switching';
  }

  /** The last checkpoint is complete: nothing of the old attempt counts any more. */
  switch(): void {
    if (this.#phase === 'preparing') this.#phase = 'switching';
  }

  complete(): void {
    this.#phase = 'over';
    this.#resolve();
  }

  async abandon(reason: string, cause?: unknown): Promise<void> {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    await this.slots.terminate();
    this.#reject(
      new Error(
        `Cannot rescale to parallelism ${this.to.parallelism}: ${reason}; the job keeps ${this.from.parallelism}`,
        {
          cause,
        },
      ),
    );
  }
}

/** Why a job may not be given another parallelism now, as the end of a sentence about it; undefined when it may. */
export function obstacleToRescaling(
  job: { readonly state: JobState; readonly layout: JobLayout | undefined; readonly busy: boolean },
  parallelism: number,
): string | undefined {
  const { state, layout, busy } = job;
  if (!Number.isSafeInteger(parallelism) || parallelism < 1) return 'it must be a whole number from 1';
  if (layout === undefined || state !== 'RUNNING') return `it is ${state}; ask again when it is RUNNING`;
  const max = maxParallelismOf(layout.graph);
  if (parallelism > max) return `its max parallelism is ${max}; a higher one takes a start without state`;
  return busy ? 'it is being rescaled; ask again when that is done' : undefined;
}
