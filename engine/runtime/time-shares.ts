/**
 * How a subtask spends its time: working, held back by others, or without anything to do.
 *
 * Reads of a clock of whole milliseconds are enough: the errors of many short spans cancel out.
 */
export class TimeShares {
  busyMs = 0;
  backpressuredMs = 0;
  idleMs = 0;
  #since: number;
  #blocked = false;

  constructor(now: number) {
    this.#since = now;
  }

  /** The subtask's turn begins; what passed since its last turn was waiting. */
  begin(now: number): void {
    const waited = now - this.#since;
    if (this.#blocked) this.backpressuredMs += waited;
    else this.idleMs += waited;
    this.#since = now;
  }

  /** The turn ends; `blocked` says why the subtask waits until its next one. */
  end(now: number, blocked: boolean): void {
    this.busyMs += now - this.#since;
    this.#since = now;
    this.#blocked = blocked;
  }
}
