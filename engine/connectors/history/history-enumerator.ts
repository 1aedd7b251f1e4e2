import type { Split, SplitEnumerator } from '../connector.ts';
import { asPast, isPast, nameInPast } from './past-split.ts';

/** Until the past is read nothing can be found but by the end of a split, which is told at once. */
const PAST_EVERY_MS = 60_000;

/** Finds the splits of the past and, once all of them are finished, those of the live source. */
export class HistoryEnumerator implements SplitEnumerator {
  readonly #past: SplitEnumerator;
  readonly #live: SplitEnumerator;
  readonly #until: number;
  #listed = false;
  #isLive = false;

  constructor(past: SplitEnumerator, live: SplitEnumerator, until: number) {
    this.#past = past;
    this.#live = live;
    this.#until = until;
  }

  get discoverEveryMs(): number {
    return this.#isLive ? this.#live.discoverEveryMs : PAST_EVERY_MS;
  }

  get laterSplitsFrom(): number | undefined {
    return this.#isLive ? this.#live.laterSplitsFrom : this.#until;
  }

  async discover(known: ReadonlyMap<string, boolean>): Promise<readonly Split[]> {
    const past = new Map([...known].filter(([id]) => isPast(id)).map(([id, done]) => [nameInPast(id), done]));
    const live = new Map([...known].filter(([id]) => !isPast(id)));
    if (!this.#isLive && live.size === 0) {
      const found = await this.#listOnce(past);
      if (found.length > 0 || [...past.values()].includes(false)) return found.map(asPast);
    }
    const found = await this.#live.discover(live);
    this.#isLive = true;
    return found;
  }

  async close(): Promise<void> {
    await Promise.all([this.#past.close(), this.#live.close()]);
  }

  /** A bounded source finds everything by its first call. */
  async #listOnce(known: ReadonlyMap<string, boolean>): Promise<readonly Split[]> {
    if (this.#listed) return [];
    const found = await this.#past.discover(known);
    this.#listed = true;
    return found;
  }
}
