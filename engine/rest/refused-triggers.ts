const REMEMBERED = 100;

/**
 * Requests that were refused before they reached the job, by trigger id: Flink takes every request and tells the fault
 * to whoever asks for the result, where its command line finds it.
 */
export class RefusedTriggers {
  readonly #reasons = new Map<string, string>();

  add(triggerId: string, reason: string): void {
    this.#reasons.set(triggerId, reason);
    const [oldest] = this.#reasons.keys();
    if (this.#reasons.size > REMEMBERED && oldest !== undefined) this.#reasons.delete(oldest);
  }

  reasonOf(triggerId: string): string | undefined {
    return this.#reasons.get(triggerId);
  }
}
