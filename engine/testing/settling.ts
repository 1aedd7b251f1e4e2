import type { LocalJob } from './local-job.ts';

/** So long may an answer of the outside world take in a test. */
const PATIENCE_MS = 5000;

/** Waits for answers of the outside world and hands them on. */
export class Settling {
  #awake: (() => void) | undefined;

  /** To be given to jobs as their `wake`. */
  readonly wake = (): void => {
    this.#awake?.();
    this.#awake = undefined;
  };

  /** Until the job owes nothing. */
  async drain(job: LocalJob): Promise<void> {
    for (this.#handOn(job); !job.drained; this.#handOn(job)) {
      await this.#answer();
    }
  }

  /** Until the job takes records again. */
  async room(job: LocalJob): Promise<void> {
    for (this.#handOn(job); job.blocked; this.#handOn(job)) {
      await this.#answer();
    }
  }

  #handOn(job: LocalJob): void {
    while (job.work()) {
      // What is handed on may make room for more.
    }
  }

  async #answer(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#awake = resolve;
    const impatience = setTimeout(
      () =>
        reject(
          new Error(
            `Cannot settle: a call is not answered after ${PATIENCE_MS} ms; answer it, or advance the clock where it waits for time`,
          ),
        ),
      PATIENCE_MS,
    );
    await promise.finally(() => clearTimeout(impatience));
  }
}
