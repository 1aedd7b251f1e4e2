/**
 * Decides which channels of a subtask may be read while a checkpoint's barriers arrive.
 *
 * Contract: records before the barrier belong to the checkpoint, records behind it do not; so a channel whose
 * barrier came is left alone until every other channel has brought its own or has ended.
 */
export class BarrierAligner {
  readonly #arrived: boolean[];
  readonly #ended: boolean[];
  #checkpointId = 0;
  #waiting = 0;
  #aborted = 0;

  constructor(channels: number) {
    this.#arrived = Array.from({ length: channels }, () => false);
    this.#ended = Array.from({ length: channels }, () => false);
  }

  blocks(channel: number): boolean {
    return this.#arrived[channel] === true;
  }

  /** True while some barriers came and others are awaited. */
  get aligning(): boolean {
    return this.#checkpointId !== 0;
  }

  /** Notes a barrier; gives the checkpoint's id when it was the last one. */
  barrier(channel: number, checkpointId: number): number | undefined {
    // A barrier of a checkpoint that was given up is one of no meaning, and a newer one ends an older
    // alignment.
    if (checkpointId <= this.#aborted || checkpointId < this.#checkpointId) return undefined;
    if (checkpointId > this.#checkpointId) this.#begin(checkpointId);
    this.#arrived[channel] = true;
    this.#waiting -= 1;
    return this.#complete();
  }

  /**
   * Notes the end of a channel, which waits for nothing; gives the id of the checkpoint that this completes.
   */
  end(channel: number): number | undefined {
    this.#ended[channel] = true;
    if (this.#checkpointId === 0 || this.#arrived[channel] === true) return undefined;
    this.#waiting -= 1;
    return this.#complete();
  }

  /** Gives up a checkpoint: its channels may be read again, and its late barriers are passed over. */
  abort(checkpointId: number): void {
    this.#aborted = Math.max(this.#aborted, checkpointId);
    if (this.#checkpointId !== 0 && this.#checkpointId <= checkpointId) this.#release();
  }

  #begin(checkpointId: number): void {
    this.#release();
    this.#checkpointId = checkpointId;
    this.#waiting = this.#ended.filter((ended) => !ended).length;
  }

  #complete(): number | undefined {
    if (this.#waiting > 0) return undefined;
    const checkpointId = this.#checkpointId;
    this.#release();
    return checkpointId;
  }

  #release(): void {
    this.#checkpointId = 0;
    this.#arrived.fill(false);
  }
}
