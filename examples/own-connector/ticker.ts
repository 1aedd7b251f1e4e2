/** A source of one's own: a counter that ticks, as small as a source that loses nothing can be. */
import {
  type ConnectorHost,
  type RecordBatch,
  type Source,
  type Split,
  type SplitReader,
  t,
} from 'headwater';

export const Tick = t.row({ number: t.int, at: t.instant });
type Tick = { readonly number: number; readonly at: number };

/** Ticks from 0 to `count`, one every `everyMs` of event time. */
export function ticker({
  count,
  everyMs,
}: {
  readonly count: number;
  readonly everyMs: number;
}): Source<Tick> {
  return {
    connector: 'ticker',
    options: { count, everyMs },
    schema: Tick,
    time: (tick) => tick.at,
    bounded: true,
    // One split, found once: whatever can be read in parallel is a split of its own.
    enumerator: () => ({
      discoverEveryMs: 0,
      discover: (known) => Promise.resolve(known.size > 0 ? [] : [{ id: 'ticks', position: '0' }]),
      close: () => Promise.resolve(),
    }),
    reader: (host) => new TickReader(count, everyMs, host),
  };
}

/** The position of its split is the next tick: all that a restart has to know. */
class TickReader implements SplitReader<Tick> {
  readonly #count: number;
  readonly #everyMs: number;
  readonly #host: ConnectorHost;
  #split: Split | undefined;
  #next = 0;
  #finished = false;
  #wake = (): void => {};

  constructor(count: number, everyMs: number, host: ConnectorHost) {
    this.#count = count;
    this.#everyMs = everyMs;
    this.#host = host;
  }

  add(split: Split): void {
    this.#split = split;
    this.#next = Number(split.position);
    this.#finished = split.finished === true;
    // Never from inside a call of the engine.
    this.#host.defer(() => this.#wake());
  }

  poll(batch: RecordBatch) {
    if (this.#split === undefined || this.#finished) return undefined;
    batch.size = 0;
    for (; batch.size < batch.values.length && this.#next < this.#count; this.#next += 1)
      batch.values[batch.size++] = { number: this.#next, at: this.#next * this.#everyMs };
    this.#finished = this.#next === this.#count;
    return { split: this.#split.id, bytes: 0, finished: this.#finished };
  }

  positions(): readonly Split[] {
    if (this.#split === undefined) return [];
    return [{ id: this.#split.id, position: String(this.#next), finished: this.#finished }];
  }

  onAvailable(wake: () => void): void {
    this.#wake = wake;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
