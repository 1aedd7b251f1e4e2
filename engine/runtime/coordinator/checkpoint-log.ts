import type { CheckpointsView, CheckpointView } from '../job-status.ts';

/** As Flink's `web.checkpoints.history`. */
const HISTORY = 10;

/** What can be said of a job's checkpoints, over all its restarts. */
export class CheckpointLog {
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #counts = { restored: 0, total: 0, completed: 0, failed: 0 };
  readonly #history: CheckpointView[] = [];
  #current: (() => CheckpointView) | undefined;
  #latest: CheckpointsView['latest'] = {};

  constructor(intervalMs: number, timeoutMs: number) {
    this.#intervalMs = intervalMs;
    this.#timeoutMs = timeoutMs;
  }

  /** A checkpoint begins; `view` is asked whenever somebody looks. */
  begin(view: () => CheckpointView): void {
    this.#counts.total += 1;
    this.#current = view;
  }

  end(view: CheckpointView): void {
    this.#current = undefined;
    this.#history.unshift(view);
    this.#history.splice(HISTORY);
    if (view.status === 'failed') {
      this.#counts.failed += 1;
      this.#latest = { ...this.#latest, failed: view };
      return;
    }
    this.#counts.completed += 1;
    this.#latest = view.savepoint
      ? { ...this.#latest, savepoint: view }
      : { ...this.#latest, completed: view };
  }

  restored(restored: NonNullable<CheckpointsView['latest']['restored']>): void {
    this.#counts.restored += 1;
    this.#latest = { ...this.#latest, restored };
  }

  view(): CheckpointsView {
    const current = this.#current?.();
    return {
      intervalMs: this.#intervalMs,
      timeoutMs: this.#timeoutMs,
      counts: { ...this.#counts, inProgress: current === undefined ? 0 : 1 },
      latest: this.#latest,
      history: current === undefined ? [...this.#history] : [current, ...this.#history].slice(0, HISTORY),
    };
  }
}
