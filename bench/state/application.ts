/** State per key that is read and written with every record, as an application that a job's threads import. */
import type { Sink } from '../../engine/connectors/connector.ts';
import { application, type Infer, t, value } from '../../engine/index.ts';
import { keySource } from './key-source.ts';
import { preciseNow, pulseSender } from './pulse.ts';

const Totals = t.row({ count: t.int, sum: t.double, last: t.double });
const Row = t.row({ due: t.double });

const Configuration = t.row({
  keys: t.int,
  hotKeys: t.int,
  ratePerSecond: t.int,
  /** Keys are numbers, or texts of 16 characters. */
  keyKind: t.enum('number', 'string'),
});
export type Configuration = Infer<typeof Configuration>;

// Programs export their application as default.
// oxlint-disable-next-line import/no-default-export
export default application('totals', {
  config: Configuration,
  build({ source, config: { keyKind, ...options } }) {
    source('readings', keySource(options))
      .keyBy(({ key }): number | string => (keyKind === 'number' ? key : textOf(key)))
      .process('totals', {
        output: Row,
        state: { totals: value(Totals) },
        onRecord({ amount, due }, ctx) {
          const held = ctx.state.totals.get();
          ctx.state.totals.set({ count: (held?.count ?? 0) + 1, sum: (held?.sum ?? 0) + amount, last: due });
          ctx.emit({ due });
        },
      })
      .to(watchingSink(options.ratePerSecond > 0), 'rows');
  },
});

function textOf(key: number): string {
  return `sensor-${String(key).padStart(9, '0')}`;
}

const REPORT_MS = 200;
/** Delays between two reports that are kept; more come only after a pause. */
const DELAYS_MAX = 1 << 20;

/** Tells when records come, and where they are paced, how long they were on their way. */
function watchingSink(paced: boolean): Sink<Infer<typeof Row>> {
  return {
    connector: 'watch',
    guarantee: 'at-least-once',
    options: {},
    writer: () => {
      const watch = new OutputWatch(paced);
      return {
        write: ({ due }) => watch.record(due),
        pending: 0,
        highWater: 1,
        flush: () => Promise.resolve(),
        onAvailable: () => undefined,
        close: () => {
          watch.close();
          return Promise.resolve();
        },
      };
    },
  };
}

class OutputWatch {
  readonly #pulse = pulseSender();
  readonly #delays: Float64Array;
  #count = 0;
  #firstMs = Number.NaN;
  #lastMs = Number.NaN;
  #pauseMs = 0;
  #reportAt = 0;

  constructor(paced: boolean) {
    this.#delays = new Float64Array(paced ? DELAYS_MAX : 0);
  }

  record(due: number): void {
    const now = preciseNow();
    if (Number.isNaN(this.#firstMs)) this.#firstMs = now;
    else if (now - this.#lastMs > this.#pauseMs) this.#pauseMs = now - this.#lastMs;
    this.#lastMs = now;
    if (this.#count < this.#delays.length) this.#delays[this.#count++] = now - due;
    if (now >= this.#reportAt) this.#report(now);
  }

  close(): void {
    this.#report(preciseNow());
    this.#pulse.close();
  }

  #report(now: number): void {
    this.#reportAt = now + REPORT_MS;
    this.#pulse.send({
      type: 'output',
      firstMs: this.#firstMs,
      lastMs: this.#lastMs,
      pauseMs: this.#pauseMs,
    });
    if (this.#count > 0) this.#pulse.send({ type: 'delays', delays: this.#delays.slice(0, this.#count) });
    // The next report begins where this one ends.
    this.#firstMs = this.#lastMs;
    this.#pauseMs = 0;
    this.#count = 0;
  }
}
