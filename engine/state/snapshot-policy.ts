/** A restore reads what lies behind the last whole snapshot one after the other; with more parts it would take long. */
const LINKS_MAX = 64;

/** With fewer changes than this nobody asks how many entries there are. */
const CHANGES_MIN = 64;

/**
 * Decides when a table is written whole again, and when it is not worth while to remember what has changed.
 *
 * What lies behind the last whole snapshot never is much more than the table itself: so over time a change is
 * written twice at most, and a restore reads twice the state at most.
 */
export class SnapshotPolicy {
  /** With so many changes {@link allowsMore} is to be asked. */
  changesMax = CHANGES_MIN;
  #links = 0;
  #base = 0;
  /** Entries behind the last whole snapshot. */
  #behind = 0;
  #removals = 0;

  /** A chain of so many entries was restored; `held` are left of them. */
  restored(entries: number, held: number): void {
    this.#links = 0;
    this.#base = held;
    this.#behind = Math.max(0, entries - held);
    this.#reset();
  }

  /** A snapshot with everything begins. */
  whole(entries: number): void {
    this.#links = 0;
    this.#base = entries;
    this.#behind = 0;
    this.#reset();
  }

  /** A snapshot with so many changes begins. */
  continued(changes: number): void {
    this.#links++;
    this.#behind += changes + this.#removals;
    this.#reset();
  }

  /** A removal was told to the next snapshot; true when {@link allowsMore} is to be asked. */
  removed(): boolean {
    this.#removals++;
    return this.#removals >= this.changesMax;
  }

  /** True when the next snapshot has to have everything. */
  wantsWhole(held: number): boolean {
    return this.#links >= LINKS_MAX || this.#behind > Math.max(this.#base, held);
  }

  /** False when writing everything would be hardly more than writing what has changed. */
  allowsMore(changes: number, held: number): boolean {
    const all = changes + this.#removals;
    this.changesMax = Math.max(changes, this.#removals) + Math.max(CHANGES_MIN, all >>> 1);
    return all <= Math.max(CHANGES_MIN, held >>> 1);
  }

  #reset(): void {
    this.#removals = 0;
    this.changesMax = CHANGES_MIN;
  }
}
