import type { TriggerStatus } from '../job-status.ts';

/** Requests that are remembered: far more than anybody polls for at a time. */
const REMEMBERED = 1000;

/**
 * What became of requests, by the id that their sender chose; so a request that is sent twice is served once.
 */
export class TriggerLog {
  readonly #statuses = new Map<string, TriggerStatus>();

  /** False when the id is known already. */
  begin(triggerId: string): boolean {
    if (this.#statuses.has(triggerId)) return false;
    this.#statuses.set(triggerId, { status: 'in-progress' });
    const [oldest] = this.#statuses.keys();
    if (this.#statuses.size > REMEMBERED && oldest !== undefined) this.#statuses.delete(oldest);
    return true;
  }

  end(triggerId: string, status: TriggerStatus): void {
    this.#statuses.set(triggerId, status);
  }

  get(triggerId: string): TriggerStatus | undefined {
    return this.#statuses.get(triggerId);
  }
}
